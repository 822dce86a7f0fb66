using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Execution;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Services;
using StashAI.Queue.Settings;
using StashAI.Queue.Signals;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Queue.Engine;

/// <summary>
/// Claims tasks for the free slots of this process, and ahead of them by time: as many as the slots finish while a claim takes.
/// </summary>
internal sealed class Dispatcher(
    IQueueStore store,
    ServiceRegistry services,
    TaskExecutor executor,
    CallSlots calls,
    Completer completer,
    NodeKeeper keeper,
    RunningTasks running,
    LaneOutages outages,
    LaneMeter meter,
    QueueMetrics metrics,
    WorkHealth health,
    QueueFeed feed,
    Wakeup wakeup,
    QueueOptions options,
    TimeProvider clock,
    ILogger logger) : IDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(2);

    private readonly Channel<HeldCall> claims = Channel.CreateUnbounded<HeldCall>();
    private readonly Channel<HeldTask> cancelled = Channel.CreateUnbounded<HeldTask>();
    private readonly SharedCalls shared = new();
    private readonly CancellationTokenSource stopClaiming = new();
    private readonly CancellationTokenSource abort = new();
    private readonly ClaimAhead ahead = new(options.Workers, options.MaxAhead);
    private readonly ClaimDoubt doubt = new(options.Poll, clock);
    private Task loop = Task.CompletedTask;
    private Task[] slots = [];
    private Task ending = Task.CompletedTask;
    private long? suspect;
    private volatile bool heldBack;
    private int held;

    /// <summary>Calls that are claimed and wait for a slot.</summary>
    public int Reserved => claims.Reader.Count;

    public void Start()
    {
        slots = [.. Enumerable.Range(0, options.Workers).Select(_ => Task.Run(RunSlotAsync))];
        ending = Task.Run(EndCancelledAsync);
        loop = Task.Run(ClaimAsync);
    }

    /// <summary>Stops claiming, gives back what has not begun, lets running calls end, and aborts those that take too long.</summary>
    public async Task StopAsync()
    {
        await stopClaiming.CancelAsync();
        await loop;
        while (claims.Reader.TryRead(out var call))
        {
            foreach (var task in call.Tasks.Where(task => task.Running.TryStart())) await ReleaseAsync(task);
        }

        claims.Writer.Complete();
        var work = Task.WhenAll(slots);
        if (!await EndsWithin(work, options.SoftStop))
        {
            Log.AbortingCalls(logger, running.Count);
            await abort.CancelAsync();
            if (!await EndsWithin(work, options.HardStop)) Log.CallsDidNotEnd(logger, running.Count);
        }

        cancelled.Writer.Complete();
        await ending;
    }

    public void Dispose()
    {
        stopClaiming.Dispose();
        abort.Dispose();
    }

    private async Task ClaimAsync()
    {
        try
        {
            while (true)
            {
                wakeup.Reset();
                var now = Volatile.Read(ref held);
                var (slots, more) = Room(now);
                var batch = slots + more > 0 && keeper.Current is { } lease && await IsSureAsync(lease) ? await ClaimAsync(lease, slots, more, now == 0) : null;
                if (batch is not null) heldBack = batch.HeldBack;
                if (batch is null || batch.Tasks.Count == 0) await wakeup.WaitAsync(Pause(batch?.OpensIn), stopClaiming.Token);
                stopClaiming.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (stopClaiming.IsCancellationRequested)
        {
            // In good order.
        }
    }

    /// <summary>How many calls a claim may take for free slots, and how many ahead of them.</summary>
    private (int Slots, int Ahead) Room(int now)
    {
        var slots = Math.Max(0, options.Workers - now);
        // What runs ahead would keep lanes with a hard limit from their turn: while one waits, slots fall free first.
        var lead = heldBack ? 0 : ahead.Count;
        var more = Math.Max(0, lead - Math.Max(0, now - options.Workers));
        // Claims ahead come in lots of half the lead; a free slot is filled at once.
        return slots > 0 || (more > 0 && more >= lead / 2) ? (slots, more) : (0, 0);
    }

    private TimeSpan Pause(TimeSpan? opensIn)
    {
        if (opensIn is not { } wait || wait > options.Poll) return options.Poll;
        return wait < ShortestPause ? ShortestPause : wait;
    }

    private async Task<ClaimedBatch?> ClaimAsync(NodeLease lease, int slots, int more, bool isIdle)
    {
        try
        {
            var started = clock.GetTimestamp();
            var request = new ClaimRequest
            {
                NodeKey = lease.Key,
                Slots = slots,
                Ahead = more,
                Services = services.Names,
                Packs = services.Packs,
                Shared = lane => shared.Of(lease.Key, lane),
                IsIdle = isIdle,
            };
            var batch = await store.Work.ClaimAsync(request, stopClaiming.Token);
            health.Succeeded(WorkHealth.Claims);
            metrics.Claimed(batch.Tasks.Count, clock.GetElapsedTime(started));
            Tell(batch);
            if (batch.Tasks.Count == 0) return batch;
            var latency = clock.GetElapsedTime(started);
            var taken = HeldCall.Part(batch.Tasks).Select(tasks => Hold(lease, tasks, started)).ToList();
            ahead.Claimed(latency, taken.Count, batch.Tasks.Count, batch.Tasks.Sum(task => task.Bytes));
            Interlocked.Add(ref held, taken.Count);
            foreach (var call in taken) claims.Writer.TryWrite(call);
            feed.Publish(batch.Changes);
            return batch;
        }
        catch (Exception error) when (error is not OperationCanceledException || !stopClaiming.IsCancellationRequested)
        {
            doubt.Arise();
            Log.ClaimFailed(logger, error.Message);
            health.Failed(WorkHealth.Claims, error);
            return null;
        }
    }

    private HeldCall Hold(NodeLease lease, IReadOnlyList<ClaimedTask> tasks, long askedAt)
    {
        var call = new HeldCall(tasks);
        shared.Add(lease.Key, call.LaneKey, tasks.Count - 1);
        foreach (var task in tasks)
        {
            HeldTask? held = null;
            // Whoever cancels it must not wait, least of all the thread of the lease.
            var entry = running.Add(task.Key, task.Fence, () => cancelled.Writer.TryWrite(held!));
            call.Tasks.Add(held = new HeldTask(lease, task, entry, askedAt, call));
        }

        return call;
    }

    /// <summary>After a claim that failed: gives back what it may have taken all the same. False when it cannot be done now.</summary>
    private async Task<bool> IsSureAsync(NodeLease lease)
    {
        if (!doubt.IsDue) return true;
        try
        {
            var changes = await store.Work.ReleaseUnknownAsync(lease.Key, running.Known, stopClaiming.Token);
            doubt.Checked();
            if (changes.Tasks.Count > 0) Log.UnknownReleased(logger, changes.Tasks.Count);
            feed.Publish(changes);
            return true;
        }
        catch (Exception error) when (error is not OperationCanceledException || !stopClaiming.IsCancellationRequested)
        {
            Log.ClaimFailed(logger, error.Message);
            health.Failed(WorkHealth.Claims, error);
            return false;
        }
    }

    private void Tell(ClaimedBatch batch)
    {
        if (batch.Suspect is not null && batch.Tasks is [var task, ..]) Log.RunsAlone(logger, task.TaskId);
        else if (batch.Suspect is not null && batch.Suspect != suspect) Log.DrainsForSuspect(logger);
        suspect = batch.Suspect;
    }

    private async Task RunSlotAsync()
    {
        await foreach (var call in claims.Reader.ReadAllAsync())
        {
            if (call.Tasks is not [var claim])
            {
                await RunPackAsync(call);
                continue;
            }

            AttemptResult result;
            await calls.TakeAsync(CancellationToken.None);
            try
            {
                if (!claim.Running.TryStart()) continue;
                result = await RunAsync(claim);
            }
            finally
            {
                // Before the outcome is recorded: while that waits for the database, calls without it go on.
                calls.Release();
            }

            await EndAsync(claim, result);
        }
    }

    private async Task RunPackAsync(HeldCall call)
    {
        Task[] ends;
        await calls.TakeAsync(CancellationToken.None);
        try
        {
            var started = call.Tasks.FindAll(task => task.Running.TryStart());
            call.Expect(started.Count);
            var attempts = started.ConvertAll(RunOfPackAsync);
            ends = [.. started.Zip(attempts, EndAfterAsync)];
            await Task.WhenAll(attempts);
        }
        finally
        {
            calls.Release();
        }

        await Task.WhenAll(ends);
    }

    /// <summary>What a task is called with may have to be read first: the pack is complete when the last one has come so far.</summary>
    private async Task<AttemptResult> RunOfPackAsync(HeldTask claim)
    {
        var hasArrived = 0;
        try
        {
            return await RunAsync(claim, Arrive);
        }
        finally
        {
            Arrive();
        }

        void Arrive()
        {
            if (Interlocked.Exchange(ref hasArrived, 1) == 0) claim.Call.Arrive();
        }
    }

    private async Task EndAfterAsync(HeldTask claim, Task<AttemptResult> attempt) => await EndAsync(claim, await attempt);

    private async Task<AttemptResult> RunAsync(HeldTask claim, Action? given = null)
    {
        if (!claim.Lease.IsTrusted || outages.CameAfter(claim.Task.Job.LaneKey, claim.AskedAt))
            return new AttemptResult { Task = claim.Task, Event = TaskEvent.Release };
        claim.Running.Note = store.Nodes.BeginCall(claim.Lease.Key, claim.Task.Key);
        meter.Begin(claim.Task.Job.LaneKey);
        var result = await executor.RunAsync(claim.Task, claim.Running, claim.Lease.Lost, abort.Token, pack: claim.Call.Pack, given: given);
        result = claim.Call.Judge(result);
        meter.End(claim.Task.Job.LaneKey, result.Duration, result.Event);
        if (result.Duration > TimeSpan.Zero) ahead.Executed(result.Duration);
        if (result.Event == TaskEvent.Throttle) outages.Shut(claim.Task.Job.LaneKey);
        return result;
    }

    /// <summary>Ends tasks that were cancelled while they waited for a slot.</summary>
    private async Task EndCancelledAsync()
    {
        await foreach (var claim in cancelled.Reader.ReadAllAsync())
        {
            await EndAsync(claim, new AttemptResult
            {
                Task = claim.Task,
                Event = TaskEvent.Abort,
                ErrorKind = ErrorKind.Cancelled,
                ErrorMessage = "Cancelled before it ran.",
            });
        }
    }

    private ValueTask ReleaseAsync(HeldTask claim) => EndAsync(claim, new AttemptResult { Task = claim.Task, Event = TaskEvent.Release });

    private async ValueTask EndAsync(HeldTask claim, AttemptResult result)
    {
        claim.Running.Dispose();
        var isLast = claim.Call.Leave();
        if (!isLast) shared.Add(claim.Lease.Key, claim.Call.LaneKey, -1);
        await completer.AddAsync(claim.Lease, result, claim.Running);
        // Waking the loop for each of thousands of tasks that end would cost more than the claims.
        if (isLast && Room(Interlocked.Decrement(ref held)) is not (0, 0)) wakeup.Set();
    }

    private async Task<bool> EndsWithin(Task work, TimeSpan limit)
    {
        using var over = new CancellationTokenSource();
        var first = await Task.WhenAny(work, Task.Delay(limit, clock, over.Token));
        await over.CancelAsync();
        return first == work;
    }
}
