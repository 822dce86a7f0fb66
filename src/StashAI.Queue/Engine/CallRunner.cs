using StashAI.Queue.Execution;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Store;

namespace StashAI.Queue.Engine;

/// <summary>Runs claimed calls in the slots of this process.</summary>
internal sealed class CallRunner(
    INodes nodes, TaskExecutor executor, SharedCallSlots slots, CallBacklog backlog, CallEnder ender, LaneOutages outages, LaneMeter meter)
    : IDisposable
{
    private readonly CancellationTokenSource abort = new();

    /// <summary>
    /// Runs the backlog's calls, at most <paramref name="workers"/> at once, until the backlog is complete and every call has ended.
    /// </summary>
    public Task RunAsync(int workers) => Task.WhenAll(Enumerable.Range(0, workers).Select(_ => Task.Run(RunCallsAsync)));

    public Task AbortAsync() => abort.CancelAsync();

    public void Dispose() => abort.Dispose();

    private async Task RunCallsAsync()
    {
        await foreach (var call in backlog.ReadAllAsync())
        {
            var next = call;
            while (next is not null) next = next.Tasks is [var task] ? await RunSingleAsync(next, task) : await RunPackAsync(next);
        }
    }

    // Returns a call that has to follow at once; usually null.
    private async Task<ClaimedCall?> RunSingleAsync(ClaimedCall call, DispatchedTask task)
    {
        AttemptResult? result = null;
        ClaimedCall? next;
        await slots.TakeAsync(CancellationToken.None);
        try
        {
            if (task.Owned.TryStart()) result = await RunTaskAsync(task);
        }
        finally
        {
            // Released before the outcome is recorded, so that other calls do not wait for the database.
            slots.Release();
            next = backlog.EndTurn(call, result?.Duration ?? TimeSpan.Zero);
        }

        if (result is not null) await ender.EndAsync(task, result);
        return next;
    }

    private async Task<ClaimedCall?> RunPackAsync(ClaimedCall call)
    {
        Task[] ends;
        ClaimedCall? next;
        var duration = TimeSpan.Zero;
        await slots.TakeAsync(CancellationToken.None);
        try
        {
            var started = call.Tasks.FindAll(task => task.Owned.TryStart());
            call.Expect(started.Count);
            var attempts = started.ConvertAll(RunTaskOfPackAsync);
            ends = [.. started.Zip(attempts, EndAfterAsync)];
            foreach (var result in await Task.WhenAll(attempts)) duration = result.Duration > duration ? result.Duration : duration;
        }
        finally
        {
            slots.Release();
            next = backlog.EndTurn(call, duration);
        }

        await Task.WhenAll(ends);
        return next;
    }

    /// <summary>
    /// Runs one task of a pack. The pack is complete when all of its tasks, whose payloads may be read first, have reached the adapter.
    /// </summary>
    private async Task<AttemptResult> RunTaskOfPackAsync(DispatchedTask task)
    {
        var isReady = 0;
        try
        {
            return await RunTaskAsync(task, MarkReady);
        }
        finally
        {
            MarkReady();
        }

        void MarkReady()
        {
            if (Interlocked.Exchange(ref isReady, 1) == 0) task.Call.MarkReady();
        }
    }

    private async Task EndAfterAsync(DispatchedTask task, Task<AttemptResult> attempt) => await ender.EndAsync(task, await attempt);

    private async Task<AttemptResult> RunTaskAsync(DispatchedTask dispatched, Action? onStarted = null)
    {
        var (lease, task, running, claimedAt, call) = dispatched;
        var lane = task.Job.LaneKey;
        if (!lease.IsTrusted || outages.HappenedAfter(lane, claimedAt)) return new AttemptResult { Task = task, Event = TaskEvent.Release };
        running.CallNote = nodes.BeginCall(lease.Key, task.Key);
        meter.Begin(lane);
        var result = call.Settle(await executor.RunAsync(task, running, lease.Lost, abort.Token, pack: call.Pack, onStarted: onStarted));
        meter.End(lane, result.Duration, result.Event);
        if (result.Duration > TimeSpan.Zero) backlog.Ahead.RecordCall(result.Duration);
        if (result.Event == TaskEvent.Throttle) outages.RecordPending(lane);
        return result;
    }
}
