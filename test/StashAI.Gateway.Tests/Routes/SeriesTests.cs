using System.Text.Json;

namespace StashAI.Gateway.Tests.Routes;

/// <summary><c>GET /api/series</c>.</summary>
public sealed class SeriesTests
{
    [Fact]
    public async Task What_was_submitted_and_how_calls_ended_is_counted_by_the_minute_and_survives_a_stop()
    {
        GatewayHost.SkipInDirectMode();
        await using var first = await GatewayHost.StartAsync();
        var job = await first.SubmitAsync("a", "b", "c");
        await first.EndOfAsync(job);
        await first.StopAsync();

        await using var gateway = await GatewayHost.StartAsync(beside: first);
        var series = await gateway.GetAsync("/api/series?service=visage&step=3600");
        Assert.Equal(3600, series.GetProperty("step").GetInt32());
        series = await gateway.GetAsync("/api/series?service=visage");
        Assert.Equal(60, series.GetProperty("step").GetInt32());
        var points = series.GetProperty("points").EnumerateArray().ToList();
        Assert.Equal(3, points.Sum(point => point.GetProperty("completed").GetInt64()));
        Assert.Equal(3, points.Sum(point => point.GetProperty("submitted").GetInt64()));
        Assert.Contains(points, point => point.GetProperty("p95_ms").ValueKind == JsonValueKind.Number);

        var some = await gateway.GetAsync("/api/series?metric=failed,p50_ms");
        Assert.All(
            some.GetProperty("points").EnumerateArray(),
            point => Assert.Equal(["at", "failed", "p50_ms"], point.EnumerateObject().Select(one => one.Name)));
    }

    [Theory]
    [InlineData("step=90", "step")]
    [InlineData("step=5400", "step")]
    [InlineData("step=60&from=2020-01-01T00:00:00Z&to=2020-01-02T00:00:00Z", "step")]
    [InlineData("from=yesterday", "from")]
    [InlineData("from=2030-01-02T00:00:00Z&to=2030-01-01T00:00:00Z", "from")]
    [InlineData("from=2000-01-01T00:00:00Z", "from")]
    [InlineData("from=2020-01-01T00:00:00Z&to=2020-07-01T00:00:00Z&step=3600", "step")]
    [InlineData("metric=complete", "metric")]
    public async Task What_is_wrong_is_refused_by_its_parameter(string query, string field)
    {
        await using var gateway = await GatewayHost.StartAsync();
        Assert.Equal(field, (await gateway.GetAsync($"/api/series?{query}", 422)).FirstError().Text("field"));
    }

    [Fact]
    public async Task The_step_fits_the_time_when_none_is_given()
    {
        await using var gateway = await GatewayHost.StartAsync();
        foreach (var (hours, step) in ((int, int)[])[(1, 60), (24, 300), (47, 900), (24 * 7, 3600), (24 * 30, 6 * 3600), (24 * 300, 86400)])
        {
            var from = TimeProvider.System.GetUtcNow().AddHours(-hours)
                .ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(step, (await gateway.GetAsync($"/api/series?from={from}")).GetProperty("step").GetInt32());
        }

        await gateway.GetAsync("/api/series?service=nobody", 404);
    }
}
