using System.Net.Http.Json;
using System.Text.Json;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Recovery;

/// <summary>kill -9 of the server while items are called that others wait for.</summary>
public sealed class KnownResultCrashTests
{
    private const int Items = 60;
    private const int Copies = 5;
    private const int Workers = 8;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_the_calls_in_flight_are_made_again_and_all_who_waited_get_their_result()
    {
        const int Answered = 20;
        await using var gateway = await ServedGateway.StartAsync(Workers);
        await gateway.Process.KillAsync();
        Directory.CreateDirectory(Path.Combine(gateway.Data, "services"));
        await File.WriteAllTextAsync(
            Path.Combine(gateway.Data, "services", "echo.yaml"),
            $$$"""
            name: echo
            url: {{{gateway.Visage.Url}}}
            cache: use
            operations:
              shout: {item: string, request: {path: "/shout/{{ item }}", json: {text: "{{ item }}"} } }
            """,
            Cancellation);
        using var gate = new Gate();
        gateway.Visage.Script = call => call.Number <= Answered ? Answer(call) : Reply.Hold(gate, Answer(call));
        await gateway.ServeAsync();
        var items = Enumerable.Range(0, Items * Copies).Select(i => $"item-{i % Items}").ToList();
        using var response = await gateway.Http.PostAsJsonAsync("/api/echo/batch", new { items }, Cancellation);
        Assert.Equal(202, (int)response.StatusCode);
        var jobId = (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("job_id").GetString()!;
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(Workers, Cancellation);
        await gateway.Process.KillAsync();
        await gateway.Visage.Ledger.WaitForNoCallsInFlightAsync(Cancellation);
        var before = gateway.Visage.Ledger.Count;
        var recorded = gateway.Query("SELECT COUNT(*) FROM queue_tasks WHERE state = 3 AND cached = 0")[0];
        gateway.Visage.Script = Answer;
        await gateway.ServeAsync();

        var job = await gateway.EndOfAsync(jobId);

        Assert.Equal(
            ("completed", Items * Copies, Items * (Copies - 1)),
            (job.GetProperty("status").GetString(), job.GetProperty("completed_tasks").GetInt32(),
                job.GetProperty("cached_tasks").GetInt32()));
        // What was called and not recorded is called again, and nothing else.
        Assert.Equal(Items + before - recorded, gateway.Visage.Ledger.Count);
        Assert.Equal(Items, gateway.Visage.Ledger.Items.Count);
        Assert.Equal(
            items.Select(item => $"/shout/{item}"),
            job.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("output_json").GetProperty("item").GetString()!));
        Assert.Equal([0L], gateway.Query("SELECT COUNT(*) FROM result_waiters"));
    }

    private static Reply Answer(ScriptedCall call) => Reply.Json($"{{\"item\":\"{call.Item}\"}}");
}
