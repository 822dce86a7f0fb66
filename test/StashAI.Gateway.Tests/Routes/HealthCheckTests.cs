using Microsoft.Extensions.DependencyInjection;
using StashAI.Gateway.Routes.Health;
using StashAI.Queue.Diagnostics;
using StashAI.Server.Cli;
using StashAI.Server.Options;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>
/// `/health` while a part that this process is in charge of is down (C-19): it can take work, so it is degraded and answers 200.
/// </summary>
public sealed class HealthCheckTests
{
    private const string Reason = "the face models are missing: run `stashai models fetch`.";

    [Theory]
    [InlineData(HealthStatus.Degraded, "degraded", Reason)]
    [InlineData(HealthStatus.Healthy, "healthy", null)]
    public async Task A_part_that_is_down_is_named_with_its_reason(HealthStatus part, string status, string? reason)
    {
        await using var gateway = await GatewayHost.StartAsync(
            configure: builder => builder.Services.AddSingleton<IHealthContributor>(
                new FixedCheck(new PartHealth("visage", part, reason))));

        var health = await gateway.GetAsync("/health");

        Assert.Equal(status, health.Text("status"));
        Assert.Equal("connected", health.Text("database"));
        var check = Assert.Single(health.GetProperty("checks").EnumerateArray(), one => one.Text("name") == "visage");
        Assert.Equal((status, reason), (check.Text("status"), check.Has("detail") ? check.Text("detail") : null));
        Assert.Equal(status, (await gateway.GetAsync("/")).Text("status"));
        Assert.Equal("ready", (await gateway.GetAsync("/health/ready")).Text("status"));
        using var output = new StringWriter();
        Assert.Equal(
            0,
            await HealthCommand.RunAsync(new HealthOptions { Url = new Uri(gateway.Url) }, output, TestContext.Current.CancellationToken));
        Assert.Contains($"is {status}", output.ToString(), StringComparison.Ordinal);
    }

    private sealed class FixedCheck(PartHealth part) : IHealthContributor
    {
        public IEnumerable<PartHealth> Check() => [part];
    }
}
