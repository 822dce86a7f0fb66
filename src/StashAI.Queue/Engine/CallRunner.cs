using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Execution;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Queue.Engine;

/// <summary>Runs claimed calls in the slots of this process.</summary>
internal sealed class CallRunner(
    INodes nodes, TaskExecutor executor, KnownResults results, SharedCallSlots slots, InputMemory memory, CallBacklog backlog,
    CallEnder ender, LaneOutages outages, LanePauses pauses, LaneMeter meter, ILogger logger)
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
        using var room = await memory.TakeAsync(call.LargeInputBytes);
        await slots.TakeAsync(CancellationToken.None);
        try
        {
            if (task.Owned.TryStart()) result = await RunTaskAsync(task, IsHeld(task), room);
        }
        finally
        {
            // Released before the outcome is recorded, so that other calls do not wait for the database.
            slots.Release();
            room.Dispose();
            next = backlog.EndTurn(call, result?.Duration ?? TimeSpan.Zero);
        }

        if (result is not null) await ender.EndAsync(task, result);
        return next;
    }

    private async Task<ClaimedCall?> RunPackAsync(ClaimedCall call)
    {
        Task<(DispatchedTask Task, AttemptResult Result)?>[] ends;
        ClaimedCall? next;
        var duration = TimeSpan.Zero;
        // For all of them at once: each task of the pack would wait for the others with its part.
        using var room = await memory.TakeAsync(call.LargeInputBytes);
        await slots.TakeAsync(CancellationToken.None);
        try
        {
            var started = call.Tasks.FindAll(task => task.Owned.TryStart());
            call.Expect(started.Count);
            // One decision for all of them, or an outage that begins now would leave the call to the first.
            var isHeld = IsHeld(call.Tasks[0]);
            var attempts = started.ConvertAll(task => RunTaskOfPackAsync(task, isHeld));
            ends = [.. started.Zip(attempts, EndAfterAsync)];
            foreach (var result in await Task.WhenAll(attempts)) duration = result.Duration > duration ? result.Duration : duration;
        }
        finally
        {
            slots.Release();
            next = backlog.EndTurn(call, duration);
        }

        var returned = (await Task.WhenAll(ends)).OfType<(DispatchedTask Task, AttemptResult Result)>().ToList();
        if (returned.Count > 0) await ender.EndTogetherAsync(returned);
        return next;
    }

    /// <summary>
    /// Runs one task of a pack. The pack is complete when all of its tasks, whose payloads may be read first, have reached the adapter.
    /// </summary>
    private async Task<AttemptResult> RunTaskOfPackAsync(DispatchedTask task, bool isHeld)
    {
        var isReady = 0;
        try
        {
            return task.Call.Conclude(await RunTaskAsync(task, isHeld, room: null, MarkReady));
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

    /// <summary>
    /// Ends a task of a pack with its attempt. One that runs again is returned: those of the pack come back together, or a claim in between
    /// would call the service for each of them.
    /// </summary>
    private async Task<(DispatchedTask Task, AttemptResult Result)?> EndAfterAsync(DispatchedTask task, Task<AttemptResult> attempt)
    {
        var result = await attempt;
        if (result.Event is TaskEvent.Throttle or TaskEvent.Release) return (task, result);
        await ender.EndAsync(task, result);
        return null;
    }

    /// <summary>True when the service may not be called now: the lease is in doubt, or the service asked to wait since the claim.</summary>
    private bool IsHeld(DispatchedTask task) =>
        !task.Lease.IsTrusted || outages.HappenedAfter(task.Claim.Job.LaneKey, task.ClaimedAt);

    /// <param name="dispatched">The task.</param>
    /// <param name="isHeld">True when the service may not be called now.</param>
    /// <param name="room">The memory of the call; null for a task of a pack, which gets a call of its own when memory runs out.</param>
    /// <param name="onStarted">Called when the adapter has begun.</param>
    private async Task<AttemptResult> RunTaskAsync(DispatchedTask dispatched, bool isHeld, InputRoom? room, Action? onStarted = null)
    {
        var (lease, task, running, _, call) = dispatched;
        var lane = task.Job.LaneKey;
        if (isHeld) return new AttemptResult { Task = task, Event = TaskEvent.Release };
        var (key, end) = task.Job.Cache == ResultCache.Off ? default : await results.LookUpAsync(task, lease.Lost, abort.Token);
        if (end is not null) return end;
        running.CallNote = nodes.BeginCall(lease.Key, task.Key);
        meter.Begin(lane);
        var attempt = await RunOnceAsync();
        if (attempt.IsOutOfMemory)
        {
            Log.OutOfMemory(logger, task.TaskId, task.Job.Service, Advice(room));
            if (room is not null)
            {
                await room.TakeAllAsync();
                LargeArray.Compact();
                attempt = await RunOnceAsync();
                if (attempt.IsOutOfMemory) Log.OutOfMemoryAlone(logger, task.TaskId, task.Job.Service, attempt.Delay.TotalSeconds);
            }
        }

        var settled = call.Settle(attempt);
        if (!key.IsEmpty) settled = settled with { ResultKey = key };
        var result = pauses.Settle(settled, dispatched.ClaimedAt, call.Pack is not null);
        meter.End(lane, result.Duration, result.Event);
        if (result.Duration > TimeSpan.Zero) backlog.Ahead.RecordCall(result.Duration);
        if (OutcomeRules.BlocksLane(result)) outages.RecordPending(lane);
        return result;

        Task<AttemptResult> RunOnceAsync() =>
            executor.RunAsync(task, running, lease.Lost, abort.Token, pack: call.Pack, onStarted: onStarted);
    }

    private static string Advice(InputRoom? room) =>
        room is null ? "each of its pack gets a call of its own" : "it runs again without other large items beside it";
}
