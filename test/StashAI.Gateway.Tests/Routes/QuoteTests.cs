using System.Text.Json;
using StashAI.Gateway.Tests.Services;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Routes;

/// <summary><c>POST /api/quote</c>.</summary>
public sealed class QuoteTests
{
    private const string Yaml = """
        name: echo
        url: ${ECHO_URL}
        watts: 180
        operations:
          go: {item: {type: string, min_length: 2}, cost: 0.25, request: {path: /x, json: {q: "{{ item }}"}}}
        """;

    [Fact]
    public async Task Before_any_measurement_a_quote_says_so_and_invents_nothing()
    {
        await using var host = await ServiceHost.StartAsync(Yaml);

        var quote = await host.Gateway.PostAsync("/api/quote", """{"service":"echo","count":100}""", 200);

        foreach (var name in (string[])["seconds_p50", "seconds_p90", "ends_at", "energy_wh", "lane_tasks_per_second"])
            Assert.Equal(JsonValueKind.Null, quote.GetProperty(name).ValueKind);
        Assert.Contains("measured", quote.Text("time_unknown"), StringComparison.Ordinal);
        Assert.Equal((25, 0), (quote.GetProperty("cost").GetDouble(), quote.GetProperty("tasks_ahead").GetInt32()));
        quote = await host.Gateway.PostAsync("/api/quote", """{"service":"visage","operation":"identify","count":1}""", 200);
        Assert.Equal("visage declares no cost", quote.Text("cost_unknown"));
    }

    [Fact]
    public async Task Measured_times_grow_with_the_count_and_a_pause_makes_them_unknown()
    {
        GatewayHost.SkipInDirectMode();
        await using var host = await ServiceHost.StartAsync(Yaml);
        host.Service.Script = _ => Reply.Json("{}");
        await host.RunAsync("/api/echo/job", $$"""{"items":[{{string.Join(',', Enumerable.Repeat("\"hi\"", 20))}}]}""");
        await host.Gateway.MeasuredAsync();

        var (few, many) = (await QuoteAsync(host, 100), await QuoteAsync(host, 10_000));

        Assert.True(few.GetProperty("seconds_p50").GetDouble() < many.GetProperty("seconds_p50").GetDouble());
        Assert.True(many.GetProperty("seconds_p50").GetDouble() <= many.GetProperty("seconds_p90").GetDouble());
        var rate = many.GetProperty("lane_tasks_per_second").GetDouble();
        Assert.InRange(many.GetProperty("energy_wh").GetDouble() / (180 * 10_000 / rate / 3600), 0.99, 1.01);
        Assert.Equal(JsonValueKind.Null, many.GetProperty("time_unknown").ValueKind);
        await host.Gateway.PostAsync("/api/services/echo/pause", "", 200);
        Assert.Equal("echo is paused", (await QuoteAsync(host, 5)).Text("time_unknown"));
    }

    [Fact]
    public async Task A_sample_is_checked_item_by_item_and_bad_requests_are_refused()
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        var quote = await host.Gateway.PostAsync("/api/quote", """{"service":"echo","items":["good","x",7]}""", 200);
        Assert.Equal(3, quote.GetProperty("count").GetInt32());
        Assert.Equal([1, 2], quote.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("item").GetInt32()));
        await host.Gateway.PostAsync("/api/quote", """{"service":"nobody","count":1}""", 404);
        await host.Gateway.PostAsync("/api/quote", """{"count":1}""", 400);
        await host.Gateway.PostAsync("/api/quote", """{"service":"echo"}""", 400);
        await host.Gateway.PostAsync("/api/quote", """{"service":"echo","count":0}""", 422);
        await host.Gateway.PostAsync("/api/quote", """{"service":"echo","operation":"stop","count":1}""", 422);
        await host.Gateway.PostAsync("/api/quote", """{"service":"echo","items":[]}""", 422);
        await host.Gateway.PostAsync("/api/quote", """{"service":"echo","number":1}""", 422);
    }

    private static Task<JsonElement> QuoteAsync(ServiceHost host, int count) =>
        host.Gateway.PostAsync("/api/quote", $$"""{"service":"echo","count":{{count}}}""", 200);
}
