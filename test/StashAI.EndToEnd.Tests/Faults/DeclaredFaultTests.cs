using System.Text.Json;
using StashAI.Testing.Processes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Faults;

/// <summary>
/// A declared service that is down, slow, asks to wait, or answers nonsense, through the real server. The service's own ledger counts.
/// </summary>
public sealed class DeclaredFaultTests
{
    private const string Pack = """
            pack:
              max: 10
              request: {path: /many, json: {texts: "{{ items }}"}}
              results: /list
              result: /upper
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("", 60)]
    [InlineData(Pack, 6)]
    public async Task While_it_is_down_its_queue_is_parked_and_costs_nothing(string pack, int calls)
    {
        await using var run = await FaultyGateway.StartAsync($"{pack}\ncircuit: {{failures: 3, first_pause: 200ms, longest_pause: 1s}}");
        await run.Service.GoDownAsync();

        var jobId = await run.SubmitAsync(FaultyGateway.Items(60));
        await UntilAsync(() => run.Gateway.Query("SELECT circuit_state FROM lanes WHERE service = 'echo'") is [2]);
        await UntilAsync(() => run.Gateway.Query("SELECT COUNT(*) FROM queue_tasks WHERE state = 2") is [0]);
        Assert.InRange(run.Gateway.Query("SELECT SUM(attempt) FROM queue_tasks")[0], 0, 2);
        await run.Service.ComeBackAsync(Cancellation);
        var job = await run.Gateway.EndOfAsync(jobId);

        Assert.Equal("completed", job.GetProperty("status").GetString());
        // The failures before the one that opened the circuit; the tasks of their calls come again by themselves.
        Assert.InRange(run.Gateway.Query("SELECT SUM(attempt - 1) FROM queue_tasks")[0], 0, 2);
        Assert.InRange(run.Service.Ledger.Count, calls, 60);
    }

    [Theory]
    [InlineData("", 40, 40)]
    [InlineData(Pack, 200, 20)]
    public async Task A_slow_one_never_has_more_calls_at_once_than_declared_over_three_processes(string pack, int items, int calls)
    {
        await using var run = await FaultyGateway.StartAsync($"{pack}\nmax_parallel: 3");
        await using var second = await run.Gateway.WorkAsync(4);
        await using var third = await run.Gateway.WorkAsync(4);
        using var gate = new Gate();
        run.Service.Script = call => call.Number <= 6
            ? Reply.Hold(gate, Reply.Json(FaultyGateway.Answer(call)))
            : Reply.Json(FaultyGateway.Answer(call));

        var jobId = await run.SubmitAsync(FaultyGateway.Items(items));
        await run.Service.Ledger.WaitForCallsInFlightAsync(pack.Length == 0 ? 3 : 1, Cancellation);
        gate.Open();
        var job = await run.Gateway.EndOfAsync(jobId);

        Assert.Equal(items, job.GetProperty("completed_tasks").GetInt32());
        Assert.Equal(calls, run.Service.Ledger.Count);
        Assert.InRange(run.Service.Ledger.MaxInFlight, 1, 3);
    }

    [Fact]
    public async Task An_item_that_takes_too_long_fails_alone_and_says_so()
    {
        // As long as the first calls of a new process take on a busy machine.
        await using var run = await FaultyGateway.StartAsync("timeout: 4s");
        run.Service.Script = call => call.Item == "slow" ? Reply.Hang() : Reply.Json(FaultyGateway.Answer(call));

        var job = await run.RunAsync(["a", "slow", "b"], """{"max_retries":0}""");

        Assert.Equal(["completed", "failed", "completed"], States(job));
        Assert.Equal("The service did not answer within 4 s.", Error(job, 1));
        Assert.Equal("partial", job.GetProperty("status").GetString());
    }

    [Theory]
    [InlineData("", 300, 300, 100)]
    [InlineData(Pack, 900, 90, 20)]
    public async Task A_declared_rate_is_kept_as_the_service_counts(string pack, int items, int calls, double rate)
    {
        const int Burst = 5;
        await using var run = await FaultyGateway.StartAsync($"{pack}\nrate: {{per_second: {rate}, burst: {Burst}}}", workers: 8);
        await using var second = await run.Gateway.WorkAsync(4);

        var start = TimeProvider.System.GetUtcNow();
        var job = await run.RunAsync(FaultyGateway.Items(items));

        Assert.Equal(items, job.GetProperty("completed_tasks").GetInt32());
        var ledger = run.Service.Ledger.Calls;
        Assert.Equal(calls, ledger.Count);
        // All calls with the burst, from the submit on; and the steady flow behind that call of the first third which the machine delayed
        // least.
        Within(calls, Burst, ledger[^1].StartedAt - start);
        var first = Enumerable.Range(0, calls / 3).MinBy(i => (ledger[i].StartedAt - start).TotalSeconds - (i / rate));
        Within(calls - 1 - first, first < Burst ? Burst : 0, ledger[^1].StartedAt - ledger[first].StartedAt);

        void Within(int count, int burst, TimeSpan window) =>
            Assert.True(count <= burst + (rate * window.TotalSeconds * 1.02), $"{count} calls in {window.TotalSeconds:0.000} s");
    }

    [Fact]
    public async Task Who_asks_to_wait_is_left_alone_for_so_long_and_no_attempt_is_spent()
    {
        await using var run = await FaultyGateway.StartAsync("", workers: 1);
        run.Service.Script = call => call.Number == 3
            ? Reply.Status(429, """{"error":"slow down"}""", TimeSpan.FromSeconds(1))
            : Reply.Json(FaultyGateway.Answer(call));

        var job = await run.RunAsync(FaultyGateway.Items(10));

        Assert.Equal("completed", job.GetProperty("status").GetString());
        var calls = run.Service.Ledger.Calls;
        Assert.Equal(11, calls.Count);
        Assert.True(calls[3].StartedAt - calls[2].EndedAt >= TimeSpan.FromMilliseconds(999));
        Assert.Equal(10, run.Gateway.Query("SELECT SUM(attempt) FROM queue_tasks")[0]);
    }

    [Fact]
    public async Task Nonsense_fails_the_item_that_got_it_with_words_that_say_what_came()
    {
        await using var run = await FaultyGateway.StartAsync("");
        run.Service.Script = call => call.Item switch
        {
            "html" => Reply.Status(200, "<html><body>It works!</body></html>", contentType: "text/html"),
            "missing" => Reply.Json("""{"lower":"missing"}"""),
            "empty" => Reply.Json(""),
            "cut" => Reply.Garbage(),
            "refused" => Reply.Status(418, "<h1>I am a teapot</h1>", contentType: "text/html"),
            _ => Reply.Json(FaultyGateway.Answer(call)),
        };

        var job = await run.RunAsync(["a", "html", "missing", "empty", "cut", "refused", "b"], """{"max_retries":0}""");

        Assert.Equal(["completed", "failed", "failed", "failed", "failed", "failed", "completed"], States(job));
        Assert.Contains("an HTML page instead of JSON", Error(job, 1), StringComparison.Ordinal);
        Assert.Equal("The service's answer has nothing at /upper.", Error(job, 2));
        Assert.Equal("The service's answer is empty instead of JSON.", Error(job, 3));
        Assert.Contains("it ends early, after", Error(job, 4), StringComparison.Ordinal);
        Assert.Equal("The service answered 418: <h1>I am a teapot</h1>", Error(job, 5));
        // What came is kept with the attempt.
        var task = await run.Gateway.GetAsync($"/api/queue/task/{job.GetProperty("tasks")[1].GetProperty("task_id").GetString()}");
        Assert.Contains("It works!", task.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"list":[{"upper":"ITEM 0"}]}""")]
    [InlineData("""{"items":[]}""")]
    [InlineData("<html>It works!</html>")]
    public async Task A_packed_answer_that_does_not_fit_costs_nobody_anything(string answer)
    {
        await using var run = await FaultyGateway.StartAsync(Pack);
        run.Service.Script = call => Reply.Json(
            call.Path == "/many" ? answer : call.Item == "item 3" ? """{"lower":""}""" : FaultyGateway.Answer(call));

        var job = await run.RunAsync(FaultyGateway.Items(20), """{"max_retries":0}""");

        Assert.Equal(Enumerable.Range(0, 20).Select(i => i == 3 ? "failed" : "completed"), States(job));
        Assert.Equal("The service's answer has nothing at /upper.", Error(job, 3));
        Assert.Equal("ITEM 19", job.GetProperty("tasks")[19].GetProperty("output_json").GetString());
        Assert.Equal(22, run.Service.Ledger.Count);
    }

    private static IEnumerable<string?> States(JsonElement job) =>
        job.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("state").GetString());

    private static string? Error(JsonElement job, int index) => job.GetProperty("tasks")[index].GetProperty("error_message").GetString();

    private static async Task UntilAsync(Func<bool> holds)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!holds()) await timer.WaitForNextTickAsync(Cancellation);
    }
}
