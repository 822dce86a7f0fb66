using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Execution;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Services;
using StashAI.Queue.Signals;
using StashAI.Queue.Store;

namespace StashAI.Queue.Engine;

/// <summary>
/// Claims tasks for the free slots of this process, and ahead of them as many as the slots finish during one claim. A claim that left
/// ready tasks behind is followed by another: at once if it got some, and otherwise when a call ends, which may make room within a
/// limit. A claim that took all that was ready is followed by another only when there may be more work.
/// </summary>
internal sealed class ClaimLoop(
    IWork store,
    ServiceRegistry services,
    NodeKeeper keeper,
    OwnedTasks running,
    CallBacklog backlog,
    CallEnder ender,
    SharedCalls shared,
    QueueMetrics metrics,
    WorkHealth health,
    QueueFeed feed,
    Wakeup wakeup,
    Wakeup ends,
    TimeSpan poll,
    TimeProvider clock,
    ILogger logger) : IDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(2);

    private readonly CancellationTokenSource stop = new();
    private readonly UnconfirmedClaims unconfirmed = new(poll, clock);
    private Task loop = Task.CompletedTask;
    private long? suspect;

    public void Start() => loop = Task.Run(RunAsync);

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await loop;
    }

    public void Dispose() => stop.Dispose();

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                wakeup.Reset();
                ends.Reset();
                var batch = await ClaimOnceAsync();
                if (batch is not null) backlog.CappedLaneWaits = batch.CappedLaneWaits;
                if (batch is { TookAll: true })
                    await wakeup.WaitAsync(Pause(batch.OpensIn), stop.Token);
                else if (batch is null || batch.Tasks.Count == 0)
                    await wakeup.WaitForEitherAsync(ends, Pause(batch?.OpensIn), stop.Token);
                stop.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped.
        }
    }

    private TimeSpan Pause(TimeSpan? opensIn)
    {
        if (opensIn is not { } wait || wait > poll) return poll;
        return wait < ShortestPause ? ShortestPause : wait;
    }

    /// <summary>Null when there is no free capacity, no lease, or the claim failed.</summary>
    private async Task<ClaimedBatch?> ClaimOnceAsync()
    {
        var held = backlog.Count;
        var (slots, ahead) = backlog.FreeCapacity(held);
        if (slots + ahead == 0 || keeper.Current is not { } lease || !await ReleaseUnconfirmedAsync(lease)) return null;
        try
        {
            var started = clock.GetTimestamp();
            var batch = await store.ClaimAsync(Request(lease, slots, ahead, isIdle: held == 0), stop.Token);
            health.Succeeded(WorkHealth.Claims);
            metrics.RecordClaim(batch.Tasks.Count, clock.GetElapsedTime(started));
            LogSuspect(batch);
            if (batch.Tasks.Count == 0)
            {
                backlog.Add([], batch.Limits);
                return batch;
            }

            var latency = clock.GetElapsedTime(started);
            var calls = ClaimedCall.GroupByCall(batch.Tasks).Select(tasks => CreateCall(lease, tasks, started)).ToList();
            backlog.Ahead.RecordClaim(latency, calls.Count, batch.Tasks.Count, batch.Tasks.Sum(task => task.BytesInMemory));
            backlog.Add(calls, batch.Limits);
            feed.Publish(batch.Changes);
            return batch;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            unconfirmed.Record();
            LogFailure(exception);
            return null;
        }
    }

    private ClaimRequest Request(NodeLease lease, int slots, int ahead, bool isIdle) => new()
    {
        NodeKey = lease.Key,
        Slots = slots,
        Ahead = ahead,
        Services = services.Names,
        PackSizes = services.PackSizes,
        SharedTasks = lane => shared.CountOf(lease.Key, lane),
        Leads = backlog.LeadOf,
        IsIdle = isIdle,
    };

    private ClaimedCall CreateCall(NodeLease lease, IReadOnlyList<ClaimedTask> tasks, long requestedAt)
    {
        var call = new ClaimedCall(tasks);
        shared.Add(lease.Key, call.LaneKey, tasks.Count - 1);
        foreach (var task in tasks)
        {
            DispatchedTask? dispatched = null;
            var entry = running.Add(task.Key, task.Fence, () => ender.EndCancelled(dispatched!));
            call.Tasks.Add(dispatched = new DispatchedTask(lease, task, entry, requestedAt, call));
        }

        return call;
    }

    /// <summary>After a failed claim, gives back tasks that it may have taken nevertheless. False when that is not possible now.</summary>
    private async Task<bool> ReleaseUnconfirmedAsync(NodeLease lease)
    {
        if (!unconfirmed.IsDue) return true;
        try
        {
            var changes = await store.ReleaseUnknownAsync(lease.Key, running.Claims, stop.Token);
            unconfirmed.RecordCheck();
            if (changes.Tasks.Count > 0) Log.UnknownReleased(logger, changes.Tasks.Count);
            feed.Publish(changes);
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !stop.IsCancellationRequested)
        {
            LogFailure(exception);
            return false;
        }
    }

    private void LogFailure(Exception exception)
    {
        Log.ClaimFailed(logger, exception.Message);
        health.Failed(WorkHealth.Claims, exception);
    }

    private void LogSuspect(ClaimedBatch batch)
    {
        if (batch.Suspect is not null && batch.Tasks is [var task, ..]) Log.SuspectStarts(logger, task.TaskId);
        else if (batch.Suspect is not null && batch.Suspect != suspect) Log.DrainingForSuspect(logger);
        suspect = batch.Suspect;
    }
}
