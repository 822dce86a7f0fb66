namespace StashAI.Server.Tests.Api;

public sealed class MetricsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prometheus_reads_what_the_queue_did()
    {
        await using var gateway = await GatewayHost.StartAsync();
        await gateway.EndOfAsync(await gateway.SubmitAsync("one", "two", "three"));

        // Metrics come a moment after the outcome that is counted; gateways of other tests in this process are counted too.
        var (text, count) = ("", 0);
        while (count < 3)
        {
            text = await gateway.Http.GetStringAsync("/metrics", Cancellation);
            var line = text.Split('\n').FirstOrDefault(line => line.StartsWith("stashai_attempt_duration_seconds_count{", StringComparison.Ordinal)
                && line.Contains("outcome=\"succeed\"", StringComparison.Ordinal) && line.Contains("service=\"visage\"", StringComparison.Ordinal));
            count = line is null ? 0 : int.Parse(line[(line.IndexOf('}', StringComparison.Ordinal) + 1)..].Trim().Split(' ')[0]);
        }

        Assert.Contains("stashai_claim_duration_seconds_bucket", text, StringComparison.Ordinal);
        Assert.Contains("http_server_request_duration_seconds", text, StringComparison.Ordinal);
    }
}
