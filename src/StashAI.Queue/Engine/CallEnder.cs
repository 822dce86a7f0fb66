using System.Threading.Channels;
using StashAI.Queue.Execution;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Signals;
using StashAI.Sdk;

namespace StashAI.Queue.Engine;

/// <summary>Ends claimed tasks: passes each outcome to the recorder, and frees a call's capacity when its last task ends.</summary>
internal sealed class CallEnder(OutcomeRecorder recorder, CallBacklog backlog, SharedCalls shared, Wakeup wakeup, Wakeup ends)
{
    private readonly Channel<DispatchedTask> cancelled = Channel.CreateUnbounded<DispatchedTask>();
    private Task loop = Task.CompletedTask;

    public void Start() => loop = Task.Run(EndCancelledAsync);

    /// <summary>Waits until all cancelled tasks have ended; none may be added afterwards.</summary>
    public async Task StopAsync()
    {
        cancelled.Writer.Complete();
        await loop;
    }

    /// <summary>Ends a task that was cancelled while it waited for a slot. Must not block, because the lease thread calls it.</summary>
    public void EndCancelled(DispatchedTask task) => cancelled.Writer.TryWrite(task);

    /// <summary>Gives back a task that was not started.</summary>
    public ValueTask ReleaseAsync(DispatchedTask task) =>
        EndAsync(task, new AttemptResult { Task = task.Claim, Event = TaskEvent.Release });

    public async ValueTask EndAsync(DispatchedTask task, AttemptResult result)
    {
        task.Owned.Dispose();
        var isLast = task.Call.EndTask();
        if (!isLast) shared.Add(task.Lease.Key, task.Call.LaneKey, -1);
        await recorder.AddAsync(task.Lease, result, task.Owned);
        if (isLast) Remove(task.Call);
    }

    /// <summary>Ends tasks of one call, whose outcomes are recorded together.</summary>
    public async ValueTask EndTogetherAsync(IReadOnlyList<(DispatchedTask Task, AttemptResult Result)> ofCall)
    {
        var isLast = false;
        foreach (var (task, _) in ofCall)
        {
            task.Owned.Dispose();
            isLast = task.Call.EndTask();
            if (!isLast) shared.Add(task.Lease.Key, task.Call.LaneKey, -1);
        }

        await recorder.AddAsync(ofCall[0].Task.Lease, [.. ofCall.Select(one => (one.Result, one.Task.Owned))]);
        if (isLast) Remove(ofCall[0].Task.Call);
    }

    private void Remove(ClaimedCall call)
    {
        // Waking the claim loop for every ended task would cost more than the claims themselves.
        var room = backlog.Remove(call);
        if (room == RoomMade.ForAny) wakeup.Set();
        if (room == RoomMade.WithinLimits) ends.Set();
    }

    private async Task EndCancelledAsync()
    {
        await foreach (var task in cancelled.Reader.ReadAllAsync())
        {
            await EndAsync(task, new AttemptResult
            {
                Task = task.Claim,
                Event = TaskEvent.Abort,
                ErrorKind = ErrorKind.Cancelled,
                ErrorMessage = OutcomeRules.CancelledBeforeRun,
            });
        }
    }
}
