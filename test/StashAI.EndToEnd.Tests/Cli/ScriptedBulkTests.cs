using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Cli;

/// <summary>
/// Commands that act on many jobs, against a scripted server that answers as <c>/api/bulk</c> is described: its operation is over at
/// the third look.
/// </summary>
[Collection(nameof(CliServer))]
public sealed class ScriptedBulkTests(CliServer server)
{
    private const string Id = "0199f0a2-7d1c-7c4e-9b1d-2a6f41000000";

    private readonly ConcurrentQueue<JsonNode> asked = new();
    private int looks;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("retry --state failed,partial --service visage", "retry", """{"state":["failed","partial"],"service":"visage"}""")]
    [InlineData("cancel --tag holiday --name Summer", "cancel", """{"name":"Summer","tag":"holiday"}""")]
    [InlineData("delete --error timeout --owner laptop", "delete", """{"owner":"laptop","error":"timeout"}""")]
    [InlineData("pause --operation identify --service visage", "pause", """{"service":"visage","operation":"identify"}""")]
    [InlineData("resume --paused", "resume", """{"paused":true}""")]
    [InlineData("priority high --state pending", "priority", """{"state":["pending"]}""")]
    public async Task A_filter_becomes_one_operation_that_is_followed_to_its_end(string commandLine, string action, string filter)
    {
        await using var scripted = await StartAsync(failed: 0);

        var run = await RunAsync(scripted, "", false, [.. commandLine.Split(' '), "--yes"]);

        Assert.Equal(0, run.ExitCode);
        var body = Assert.Single(asked);
        Assert.Equal(action, body["action"]!.GetValue<string>());
        Assert.Equal(filter, body["filter"]!.ToJsonString());
        Assert.Null(body["all"]);
        Assert.Equal(action == "priority" ? 9 : null, body["priority"]?.GetValue<int>());
        Assert.Contains("of 135 jobs", run.Error, StringComparison.Ordinal);
        Assert.Contains($"{action} completed: 135 jobs done.", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_is_shown_the_count_and_asked()
    {
        await using var scripted = await StartAsync(failed: 0);

        var no = await RunAsync(scripted, "n\n", true, ["cancel", "--state", "running"]);
        var yes = await RunAsync(scripted, "y\n", true, ["cancel", "--state", "running"]);

        Assert.Equal((1, 0), (no.ExitCode, yes.ExitCode));
        Assert.StartsWith("Cancel at least 135 jobs? [y/N] Nothing was done.", no.Error, StringComparison.Ordinal);
        Assert.Equal([true, true, false], asked.Select(body => body["dry_run"]?.GetValue<bool>() == true));
    }

    [Fact]
    public async Task Without_a_terminal_and_without_yes_nothing_is_done()
    {
        await using var scripted = await StartAsync(failed: 0);

        var run = await RunAsync(scripted, "y\n", false, ["delete", "--all"]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--yes does it without asking", run.Error, StringComparison.Ordinal);
        Assert.True(Assert.Single(asked)["dry_run"]!.GetValue<bool>());
        Assert.True(asked.Single()["all"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Jobs_that_could_not_be_changed_are_told_and_are_the_exit_code()
    {
        await using var scripted = await StartAsync(failed: 5);

        var run = await RunAsync(scripted, "", false, ["retry", "--all", "--yes"]);
        var stopped = await RunAsync(scripted, "", false, ["bulk", Id, "--stop"]);
        var listed = await RunAsync(scripted, "", false, ["bulk", "--json"]);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("130 jobs done, 5 failed", run.Output, StringComparison.Ordinal);
        Assert.Contains("retry stopped", stopped.Output, StringComparison.Ordinal);
        Assert.Equal("laptop", listed.Json.GetProperty("asked_by").GetString());
    }

    [Theory]
    [InlineData("retry", "Give one of: ids of jobs, filters")]
    [InlineData("retry 0199f0a2 --state failed", "Give one of: ids of jobs, filters")]
    [InlineData("delete --all --tag holiday", "Give one of: ids of jobs, filters")]
    [InlineData("retry --state failed --failed", "--failed is for ids")]
    [InlineData("priority urgent --all", "--priority must be 0 to 9")]
    [InlineData("bulk --stop", "--stop needs the id")]
    public async Task What_is_not_clear_is_refused_before_anything_is_asked(string commandLine, string sentence)
    {
        await using var scripted = await StartAsync(failed: 0);

        string[] sure = commandLine == "bulk --stop" ? [] : ["--yes"];

        var run = await RunAsync(scripted, "", false, [.. commandLine.Split(' '), .. sure]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(sentence, run.Error, StringComparison.Ordinal);
        Assert.Empty(asked);
    }

    private Task<CliRun> RunAsync(ScriptedService scripted, string input, bool isInteractive, string[] arguments) =>
        server.RunAsync(input, [("STASHAI_URL", scripted.Url)], isInteractive, arguments);

    private async Task<ScriptedService> StartAsync(int failed)
    {
        var scripted = await ScriptedService.StartAsync(Cancellation);
        scripted.Script = call =>
        {
            if (call.Path == "/api/bulk" && call.BodyLength > 0)
            {
                var body = JsonNode.Parse(call.Text)!;
                asked.Enqueue(body);
                return body["dry_run"]?.GetValue<bool>() == true
                    ? Reply.Json("""{"matched":135,"total_is_exact":false}""")
                    : Reply.Json(Operation(body["action"]!.GetValue<string>(), "running", 0, 0));
            }

            if (call.Path == "/api/bulk")
            {
                var one = Operation("retry", "running", 0, 0);
                return Reply.Json($$"""{"data":[{{one}}],"next":null,"total":1,"total_is_exact":true}""");
            }

            if (call.Path.EndsWith("/stop", StringComparison.Ordinal)) return Reply.Json(Operation("retry", "stopped", 7, 0));
            var action = asked.LastOrDefault()?["action"]?.GetValue<string>() ?? "retry";
            return Reply.Json(Interlocked.Increment(ref looks) % 3 == 0
                ? Operation(action, "completed", 135 - failed, failed) : Operation(action, "running", 50, 0));
        };
        return scripted;
    }

    private static string Operation(string action, string state, int done, int failed) => JsonSerializer.Serialize(new
    {
        id = Id,
        action,
        filter = new { },
        state,
        matched = 135,
        done,
        failed,
        created_at = "2030-01-31T08:00:00.000Z",
        finished_at = (string?)null,
        asked_by = "laptop",
    });
}
