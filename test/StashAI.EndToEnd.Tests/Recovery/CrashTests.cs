using System.Text.Json;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Recovery;

/// <summary>kill -9 of the server in the middle of a job, and a restart on the same data.</summary>
public sealed class CrashTests
{
    private const int Tasks = 500;
    private const int Workers = 8;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static IEnumerable<string> Photos => Enumerable.Range(0, Tasks).Select(i => $"photo {i}");

    [Fact]
    public async Task Only_the_calls_in_flight_are_made_again()
    {
        const int Answered = 200;
        await using var gateway = await ServedGateway.StartAsync(Workers);
        using var gate = new Gate();
        gateway.Visage.Script = call => call.Number <= Answered ? Answer(call) : Reply.Hold(gate, Answer(call));
        var jobId = (await gateway.SubmitAsync(Photos)).GetProperty("job_id").GetString()!;
        using (var socket = await gateway.ConnectAsync())
        {
            await socket.FollowJobAsync(jobId);
            await socket.UntilAsync(message => message.TryGetProperty("completed_tasks", out var count) && count.GetInt32() == Answered);
            await gateway.Visage.Ledger.WaitForCallsInFlightAsync(Workers, Cancellation);
            await gateway.Process.KillAsync();
        }

        await gateway.Visage.Ledger.WaitForDisconnectAsync(Cancellation, Workers);
        gateway.Visage.Script = Answer;
        await gateway.ServeAsync();
        var job = await gateway.EndOfAsync(jobId);

        CheckAllEndedOnce(gateway, job);
        Assert.Equal(Tasks + Workers, gateway.Visage.Ledger.Count);
        Assert.Equal(Workers, gateway.Visage.Ledger.Items.Count(item => gateway.Visage.Ledger.CallsOf(item).Count == 2));
    }

    [Fact]
    public async Task A_kill_at_any_moment_repeats_only_calls_that_were_not_recorded()
    {
        await using var gateway = await ServedGateway.StartAsync(Workers);
        using var gate = new Gate();
        // The last calls wait, so that the job is never over before the kill.
        gateway.Visage.Script = call => call.Number <= Tasks - Workers ? Answer(call) : Reply.Hold(gate, Answer(call));
        var jobId = (await gateway.SubmitAsync(Photos)).GetProperty("job_id").GetString()!;
        await gateway.Visage.Ledger.WaitForEndedAsync(150, Cancellation);
        await gateway.Process.KillAsync();
        await gateway.Visage.Ledger.WaitForNoCallsInFlightAsync(Cancellation);
        gateway.Visage.Script = Answer;

        // In flight at the kill: called, and not recorded as over.
        var recorded = gateway.Query("SELECT id & 0xFFFFFF FROM queue_tasks WHERE state = 3")
            .Select(ordinal => $"photo {ordinal}").ToHashSet();
        var inFlight = gateway.Visage.Ledger.Calls.Where(call => call.Item is null || !recorded.Contains(call.Item)).ToList();
        Assert.InRange(recorded.Count, 1, Tasks - 1);
        await gateway.ServeAsync();
        var job = await gateway.EndOfAsync(jobId);

        CheckAllEndedOnce(gateway, job);
        Assert.Equal(Tasks + inFlight.Count, gateway.Visage.Ledger.Count);
        TestContext.Current.TestOutputHelper?.WriteLine($"{recorded.Count} recorded and {inFlight.Count} in flight at the kill.");
    }

    [Fact]
    public async Task A_job_that_survives_three_kills_has_exact_counters()
    {
        await using var gateway = await ServedGateway.StartAsync(Workers);
        using var gate = new Gate();
        var answered = 100L;
        // Calls beyond the next kill wait, so that every kill meets a job that runs.
        gateway.Visage.Script = call => call.Number <= Volatile.Read(ref answered) ? Answer(call) : Reply.Hold(gate, Answer(call));
        var jobId = (await gateway.SubmitAsync(Photos)).GetProperty("job_id").GetString()!;
        for (var kill = 1; kill <= 3; kill++)
        {
            await gateway.Visage.Ledger.WaitForCallsInFlightAsync(Workers, Cancellation);
            await gateway.Process.KillAsync();
            await gateway.Visage.Ledger.WaitForNoCallsInFlightAsync(Cancellation);
            Volatile.Write(ref answered, kill == 3 ? long.MaxValue : gateway.Visage.Ledger.Count + 100);
            await gateway.ServeAsync();
        }

        CheckAllEndedOnce(gateway, await gateway.EndOfAsync(jobId));
    }

    private static Reply Answer(ScriptedCall call) => Reply.Json($"{{\"item\":\"{call.Item}\"}}");

    private static void CheckAllEndedOnce(ServedGateway gateway, JsonElement job)
    {
        Assert.Equal("completed", job.GetProperty("status").GetString());
        Assert.Equal(Tasks, job.GetProperty("completed_tasks").GetInt32());
        foreach (var name in (string[])["pending_tasks", "running_tasks", "failed_tasks", "cancelled_tasks"])
            Assert.Equal(0, job.GetProperty(name).GetInt32());
        Assert.Equal(
            Photos,
            job.GetProperty("tasks").EnumerateArray().Select(task => task.GetProperty("output_json").GetProperty("item").GetString()!));
        Assert.Equal([Tasks], gateway.Query("SELECT COUNT(*) FROM queue_tasks WHERE state = 3"));
        Assert.Equal([Tasks], gateway.Query("SELECT COUNT(*) FROM task_results"));
        Assert.Equal(Tasks, gateway.Visage.Ledger.Items.Count);
    }
}
