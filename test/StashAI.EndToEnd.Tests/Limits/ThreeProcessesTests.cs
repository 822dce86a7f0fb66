using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Processes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Limits;

/// <summary>
/// A gateway and two workers, each a process, on one queue: limits and the circuit hold over all of them, as the service counts.
/// </summary>
public sealed class ThreeProcessesTests
{
    private const int WorkersEach = 4;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task They_never_make_more_calls_at_once_than_the_operator_allows()
    {
        const int Limit = 5;
        await using var gateway = await ServedGateway.StartAsync(WorkersEach, settings: ("VISAGE_MAX_PARALLEL", $"{Limit}"));
        await using var second = await gateway.WorkAsync(WorkersEach);
        await using var third = await gateway.WorkAsync(WorkersEach);
        using var gate = new Gate();
        gateway.Visage.Script = call => call.Number <= 2 * Limit ? Reply.Hold(gate, Reply.Json("{}")) : Reply.Json("{}");

        var jobId = await SubmitAsync(gateway, 200);
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(Limit, Cancellation);
        gate.Open();
        var job = await gateway.EndOfAsync(jobId);

        Assert.Equal(200, job.GetProperty("completed_tasks").GetInt32());
        Assert.Equal((200, Limit), (gateway.Visage.Ledger.Count, gateway.Visage.Ledger.MaxInFlight));
    }

    [Fact]
    public async Task They_share_one_rate()
    {
        const int Rate = 100;
        const int Burst = 10;
        await using var gateway = await ServedGateway.StartAsync(
            WorkersEach, settings: [("VISAGE_RATE_PER_SECOND", $"{Rate}"), ("VISAGE_RATE_BURST", $"{Burst}")]);
        await using var second = await gateway.WorkAsync(WorkersEach);
        await using var third = await gateway.WorkAsync(WorkersEach);
        gateway.Visage.Script = _ => Reply.Json("{}");
        var start = TimeProvider.System.GetUtcNow();

        var job = await gateway.EndOfAsync(await SubmitAsync(gateway, 150));

        Assert.Equal(150, job.GetProperty("completed_tasks").GetInt32());
        var calls = gateway.Visage.Ledger.Calls;
        Assert.Equal(150, calls.Count);
        // The n-th call may not come before its token does; a machine that is slow only makes it later.
        Assert.All(
            calls.Index(),
            call => Assert.True(
                call.Item.StartedAt - start >= TimeSpan.FromSeconds((call.Index + 1 - Burst) / (double)Rate), $"call {call.Index}"));
    }

    [Fact]
    public async Task They_see_one_circuit_and_one_task_tries_whether_the_service_is_back()
    {
        const int Tasks = 200;
        await using var gateway = await ServedGateway.StartAsync(WorkersEach);
        await using var second = await gateway.WorkAsync(WorkersEach);
        await using var third = await gateway.WorkAsync(WorkersEach);
        await gateway.Visage.GoDownAsync();
        var jobId = await SubmitAsync(gateway, Tasks);
        while (gateway.Query("SELECT circuit_state FROM lanes") is not [2]) await Task.Yield();
        while (gateway.Query("SELECT COUNT(*) FROM queue_tasks WHERE state = 2") is not [0]) await Task.Yield();
        using var gate = new Gate();
        gateway.Visage.Script = call => call.Number == 1 ? Reply.Hold(gate, Reply.Json("{}")) : Reply.Json("{}");

        await gateway.Visage.ComeBackAsync(Cancellation);
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(1, Cancellation);
        gate.Open();
        var job = await gateway.EndOfAsync(jobId);

        Assert.Equal(Tasks, job.GetProperty("completed_tasks").GetInt32());
        var calls = gateway.Visage.Ledger.Calls;
        Assert.Equal(Tasks, calls.Count);
        Assert.All(calls.Skip(1), call => Assert.True(call.StartedAt >= calls[0].EndedAt));
        // Only the failures before the one that opened the circuit cost an attempt.
        Assert.InRange(gateway.Query("SELECT SUM(attempt - 1) FROM queue_tasks")[0], 0, 4);
    }

    private static async Task<string> SubmitAsync(ServedGateway gateway, int photos) =>
        (await gateway.SubmitAsync(Enumerable.Range(0, photos).Select(i => $"photo {i}"))).GetProperty("job_id").GetString()!;
}
