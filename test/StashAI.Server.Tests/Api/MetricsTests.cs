namespace StashAI.Server.Tests.Api;

public sealed class MetricsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prometheus_reads_what_the_queue_did()
    {
        await using var gateway = await GatewayHost.StartAsync();
        await gateway.EndOfAsync(await gateway.SubmitAsync("one", "two", "three"));

        // Metrics come a moment after the outcome that is counted.
        var (text, line) = ("", "");
        while (!line.Contains("} 3", StringComparison.Ordinal))
        {
            text = await gateway.Http.GetStringAsync("/metrics", Cancellation);
            line = text.Split('\n').FirstOrDefault(line => line.StartsWith("stashai_attempt_duration_seconds_count{", StringComparison.Ordinal)) ?? "";
        }

        Assert.Contains("outcome=\"succeed\"", line, StringComparison.Ordinal);
        Assert.Contains("service=\"visage\"", line, StringComparison.Ordinal);
        Assert.Contains("stashai_claim_duration_seconds_bucket", text, StringComparison.Ordinal);
        Assert.Contains("http_server_request_duration_seconds", text, StringComparison.Ordinal);
    }
}
