using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Processes;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Recovery;

/// <summary>A `worker` process beside the gateway, on one SQLite file.</summary>
public sealed class WorkerTests
{
    private const int Tasks = 200;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Both_call_each_photo_once_and_the_gateway_shows_it_all()
    {
        await using var gateway = await ServedGateway.StartAsync(workers: 2);
        await using var worker = await gateway.WorkAsync(2);
        using var gate = new Gate();
        gateway.Visage.Script = _ => Reply.Hold(gate, Reply.Json("{}"));
        var job = await gateway.SubmitAsync(Enumerable.Range(0, Tasks).Select(i => $"{i}"));
        // Neither process makes more than two calls at once.
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(4, Cancellation);
        using var socket = await gateway.ConnectAsync();
        foreach (var id in job.GetProperty("task_ids").EnumerateArray()) await socket.FollowTaskAsync(id.GetString()!);
        await socket.FollowJobAsync(job.GetProperty("job_id").GetString()!);
        gate.Open();

        var ended = new HashSet<string>();
        var isJobOver = false;
        await socket.UntilAsync(message =>
        {
            if (!message.TryGetProperty("status", out var status) || status.GetString() != "completed") return false;
            if (message.TryGetProperty("task_id", out var id)) ended.Add(id.GetString()!);
            else isJobOver = true;
            return isJobOver && ended.Count == Tasks;
        });

        Assert.Equal(Tasks, gateway.Visage.Ledger.Count);
        Assert.Equal(4, gateway.Visage.Ledger.MaxInFlight);
        await worker.SignalAsync(UnixSignal.Terminate, Cancellation);
        Assert.Equal(0, await worker.WaitForExitAsync(Cancellation));
    }

    [Fact]
    public async Task What_a_killed_worker_held_is_done_by_the_gateway()
    {
        // Nodes look for dead ones five times a lease.
        await using var gateway = await ServedGateway.StartAsync(workers: 2, leaseSeconds: 5);
        await using var worker = await gateway.WorkAsync(2);
        using var gate = new Gate();
        gateway.Visage.Script = _ => Reply.Hold(gate, Reply.Json("{}"));
        var jobId = (await gateway.SubmitAsync(Enumerable.Range(0, 20).Select(i => $"{i}"))).GetProperty("job_id").GetString()!;
        await gateway.Visage.Ledger.WaitForCallsInFlightAsync(4, Cancellation);

        await worker.KillAsync();
        await gateway.Visage.Ledger.WaitForDisconnectAsync(Cancellation, count: 2);
        gate.Open();
        var job = await gateway.EndOfAsync(jobId);

        Assert.Equal(20, job.GetProperty("completed_tasks").GetInt32());
        Assert.Equal(22, gateway.Visage.Ledger.Count);
    }

    [Fact]
    public async Task A_service_that_asked_for_a_pause_is_called_early_after_a_restart_of_the_server_and_not_of_a_worker()
    {
        await using var gateway = await ServedGateway.StartAsync(workers: 1);
        gateway.Visage.Script = _ => Reply.Json("{}");
        await gateway.EndOfAsync((await gateway.SubmitAsync(["first"])).GetProperty("job_id").GetString()!);
        // Later than any service may ask for would be a mistake of the clock, which the upkeep mends.
        var later = TimeProvider.System.GetUtcNow().AddMinutes(30).ToUnixTimeMilliseconds();
        gateway.Query($"UPDATE lanes SET blocked_until = {later}");

        await using var worker = await gateway.WorkAsync(1);

        Assert.Equal([later], gateway.Query("SELECT blocked_until FROM lanes"));
        await gateway.ServeAsync();
        Assert.Equal([0], gateway.Query("SELECT blocked_until FROM lanes"));
    }
}
