using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using StashAI.Queue.Settings;

namespace StashAI.Gateway.Tests.Routes;

/// <summary>What runs here, the room on its disk, and the size of its database.</summary>
public sealed class ServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, false)]
    [InlineData(long.MaxValue, true)]
    public async Task The_disk_and_the_database_are_measured_and_too_little_room_needs_attention(long limit, bool isLow)
    {
        await using var gateway = await GatewayHost.StartAsync(configure: builder => builder.Services.AddSingleton(
            new QueueOptions { Role = "serve", DataDirectory = Path.GetTempPath(), DiskLowBytes = limit }));

        var server = await UntilMeasuredAsync(gateway);
        var health = await gateway.GetAsync("/health");

        var (disk, database) = (server.GetProperty("disk"), server.GetProperty("database"));
        Assert.Equal(limit, disk.GetProperty("low_below_bytes").GetInt64());
        Assert.InRange(disk.GetProperty("free_bytes").GetInt64(), 0, disk.GetProperty("total_bytes").GetInt64());
        Assert.Equal(isLow, !disk.IsNull("low_since"));
        Assert.Equal("sqlite", database.Text("kind"));
        Assert.True(database.GetProperty("bytes").GetInt64() > 0);
        Assert.StartsWith(".NET ", server.Text("runtime"), StringComparison.Ordinal);
        var check = Assert.Single(health.GetProperty("checks").EnumerateArray(), one => one.Text("name") == "disk");
        Assert.Equal(isLow ? "degraded" : "healthy", check.Text("status"));
        if (isLow) Assert.Contains("DISK_LOW_BYTES", check.Text("detail"), StringComparison.Ordinal);
        var metrics = await gateway.Http.GetStringAsync("/metrics", Cancellation);
        Assert.Contains("stashai_disk_free_bytes", metrics, StringComparison.Ordinal);
        Assert.Contains("stashai_storage_size_bytes", metrics, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> UntilMeasuredAsync(GatewayHost gateway)
    {
        while (true)
        {
            var server = await gateway.GetAsync("/api/server");
            if (!server.IsNull("database")) return server;
        }
    }
}
