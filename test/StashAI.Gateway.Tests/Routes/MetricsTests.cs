using System.Globalization;
namespace StashAI.Gateway.Tests.Routes;

public sealed class MetricsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Prometheus_reads_what_the_queue_did()
    {
        await using var gateway = await GatewayHost.StartAsync();
        await gateway.EndOfAsync(await gateway.SubmitAsync("one", "two", "three"));

        // Metrics come a moment after the outcome that is counted. Gateways of other tests in this process count into the same.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        var text = "";
        while (SucceededOf(text) < 3) text = await gateway.Http.GetStringAsync("/metrics", patience.Token);

        Assert.Contains("stashai_claim_duration_seconds_bucket", text, StringComparison.Ordinal);
        Assert.Contains("http_server_request_duration_seconds", text, StringComparison.Ordinal);
    }

    /// <summary>The attempts at Visage that succeeded, of an answer in Prometheus' text format.</summary>
    private static double SucceededOf(string text) => text.Split('\n')
        .Where(line => line.StartsWith("stashai_attempt_duration_seconds_count{", StringComparison.Ordinal)
            && line.Contains("outcome=\"succeed\"", StringComparison.Ordinal)
            && line.Contains("service=\"visage\"", StringComparison.Ordinal))
        .Sum(line => double.Parse(
            line[(line.IndexOf('}', StringComparison.Ordinal) + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
}
