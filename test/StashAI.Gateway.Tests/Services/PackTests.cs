using System.Text.Json;
using StashAI.Gateway.Tests.Routes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.Gateway.Tests.Services;

/// <summary>Several items in one call.</summary>
public sealed class PackTests
{
    private const string Yaml = """
        name: echo
        url: ${ECHO_URL}
        config: {shout: {type: boolean, default: true}}
        operations:
          up:
            item: {type: string}
            request: {path: /one, json: {text: "{{ item }}"}}
            result: /upper
            pack:
              max: 4
              request: {path: /many, json: {texts: "{{ items }}", shout: "{{ config.shout }}"}}
              results: /list
              result: /upper
        """;

    [Fact]
    public async Task Items_that_run_together_share_a_call_and_get_their_own_results()
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        host.Service.Script = call => Reply.Json(Answer(call));

        var job = await host.RunAsync("/api/echo/job", """{"items":["a","b\"c","{{ x }}","d"]}""");

        Assert.Equal(["A", "B\"C", "{{ X }}", "D"], Results(job));
        var call = Assert.Single(host.Calls);
        Assert.Equal("/many", call.Path);
        using var body = JsonDocument.Parse(call.Body);
        Assert.True(body.RootElement.GetProperty("shout").GetBoolean());
    }

    [Fact]
    public async Task A_bad_item_fails_alone()
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        host.Service.Script = call => call.Text.Contains("bad", StringComparison.Ordinal)
            ? Reply.Status(400, """{"error":"no"}""")
            : Reply.Json(Answer(call));

        var job = await host.RunAsync("/api/echo/job", """{"items":["a","bad","c","d"]}""");

        Assert.Equal("partial", job.Text("status"));
        Assert.Equal(
            ["completed", "failed", "completed", "completed"],
            job.GetProperty("tasks").EnumerateArray().Select(task => task.Text("state")));
        Assert.Equal(4, host.Calls.Count(call => call.Path == "/one"));
    }

    [Theory]
    [InlineData("""{"list":[{"upper":"A"}]}""")]
    [InlineData("""{"list":[{"upper":"A"},{"upper":"B"},{},{"upper":"D"}]}""")]
    [InlineData("nonsense")]
    public async Task An_answer_without_a_result_for_each_item_is_asked_again_one_by_one(string packed)
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        host.Service.Script = call => Reply.Json(call.Path == "/many" ? packed : Answer(call));

        var job = await host.RunAsync("/api/echo/job", """{"items":["a","b","c","d"]}""");

        Assert.Equal(["A", "B", "C", "D"], Results(job));
    }

    [Fact]
    public async Task A_service_that_asks_to_wait_is_not_asked_for_each_item()
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        host.Service.Script = call => call.Number == 1 ? Reply.Status(429, retryAfter: TimeSpan.Zero) : Reply.Json(Answer(call));

        var job = await host.RunAsync("/api/echo/job", """{"items":["a","b","c","d"]}""");

        Assert.Equal("completed", job.Text("status"));
        Assert.Equal(["/many", "/many"], host.Calls.Select(call => call.Path));
    }

    [Fact]
    public async Task A_worker_waits_for_a_call_and_not_for_an_item()
    {
        await using var host = await ServiceHost.StartAsync(Yaml, workers: 1);
        host.Service.Script = call => Reply.Json(Answer(call));

        var job = await host.RunAsync(
            "/api/echo/job", $$"""{"items":[{{string.Join(',', Enumerable.Range(0, 12).Select(i => $"\"{i}\""))}}]}""");

        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"{i}"), Results(job));
        Assert.Equal(["/many", "/many", "/many"], host.Calls.Select(call => call.Path));
    }

    [Fact]
    public async Task No_attempt_is_spent_on_the_call_of_others()
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        host.Service.Script = call => call.Path == "/many" || call.Text.Contains("bad", StringComparison.Ordinal)
            ? Reply.Status(422, """{"error":"no"}""")
            : Reply.Json(Answer(call));

        var job = await host.RunAsync("/api/echo/job", """{"items":["a","bad","c","d"],"config":{"max_retries":0}}""");

        var tasks = job.GetProperty("tasks").EnumerateArray().ToList();
        Assert.Equal(["completed", "failed", "completed", "completed"], tasks.Select(task => task.Text("state")));
        Assert.Equal("The service answered 422: no", tasks[1].Text("error_message"));
    }

    [Fact]
    public async Task The_most_calls_at_once_are_calls()
    {
        GatewayHost.SkipInDirectMode();
        await using var host = await ServiceHost.StartAsync(Yaml + "\nmax_parallel: 2\n", workers: 8);
        using var gate = new Gate();
        host.Service.Script = call => Reply.Hold(gate, Reply.Json(Answer(call)));

        var submitted = await host.Gateway.PostAsync(
            "/api/echo/job", $$"""{"items":[{{string.Join(',', Enumerable.Range(0, 40).Select(i => $"\"{i}\""))}}]}""");
        await host.Service.Ledger.WaitForCallsInFlightAsync(2, TestContext.Current.CancellationToken);
        gate.Open();
        var job = await host.Gateway.EndOfAsync(submitted.Text("job_id"));

        Assert.Equal(40, job.Whole("completed_tasks"));
        Assert.Equal((10, 2), (host.Service.Ledger.Count, host.Service.Ledger.MaxInFlight));
    }

    [Fact]
    public async Task An_item_on_its_own_has_a_call_of_its_own()
    {
        await using var host = await ServiceHost.StartAsync(Yaml);
        host.Service.Script = call => Reply.Json(Answer(call));

        await host.RunAsync("/api/echo/job", """{"items":["a"]}""");

        Assert.Equal("/one", Assert.Single(host.Calls).Path);
    }

    private static IEnumerable<string> Results(JsonElement job) =>
        job.GetProperty("tasks").EnumerateArray().Select(task => task.Text("output_json"));

    private static string Answer(ScriptedCall call)
    {
        using var body = JsonDocument.Parse(call.Body);
        if (call.Path == "/one") return "{\"upper\":" + Upper(body.RootElement.GetProperty("text")) + "}";
        var list = body.RootElement.GetProperty("texts").EnumerateArray().Select(text => "{\"upper\":" + Upper(text) + "}");
        return $"{{\"list\":[{string.Join(',', list)}]}}";
    }

    private static string Upper(JsonElement text) => JsonSerializer.Serialize(text.GetString()!.ToUpperInvariant());
}
