using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Live;
using StashAI.Queue.Model;
using StashAI.Queue.Store;

namespace StashAI.Queue.Engine;

/// <summary>
/// Claims tasks for the free slots of this process, and ahead of them by time: as many as the slots finish while a claim takes.
/// </summary>
internal sealed class Dispatcher(
    IWork store,
    ServiceRegistry services,
    TaskExecutor executor,
    Completer completer,
    NodeKeeper keeper,
    RunningTasks running,
    LaneOutages outages,
    QueueFeed feed,
    Wakeup wakeup,
    QueueOptions options,
    TimeProvider clock,
    ILogger logger) : IDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(2);

    private readonly Channel<Claim> claims = Channel.CreateUnbounded<Claim>();
    private readonly CancellationTokenSource stopClaiming = new();
    private readonly CancellationTokenSource abort = new();
    private readonly ClaimAhead ahead = new(options.Workers, options.MaxAhead);
    private Task loop = Task.CompletedTask;
    private Task[] slots = [];
    private int held;

    public void Start()
    {
        slots = [.. Enumerable.Range(0, options.Workers).Select(_ => Task.Run(RunSlotAsync))];
        loop = Task.Run(ClaimAsync);
    }

    /// <summary>Stops claiming, gives back what has not begun, lets running calls end, and aborts those that take too long.</summary>
    public async Task StopAsync()
    {
        await stopClaiming.CancelAsync();
        await loop;
        while (claims.Reader.TryRead(out var claim)) await ReleaseAsync(claim);
        claims.Writer.Complete();
        var work = Task.WhenAll(slots);
        if (!await EndsWithin(work, options.SoftStop))
        {
            Log.AbortingCalls(logger, running.Count);
            await abort.CancelAsync();
            if (!await EndsWithin(work, options.HardStop)) Log.CallsDidNotEnd(logger, running.Count);
        }
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
            var heldBack = false;
            while (true)
            {
                wakeup.Reset();
                var now = Volatile.Read(ref held);
                var slots = Math.Max(0, options.Workers - now);
                // What runs ahead would keep lanes with a hard limit from their turn: while one waits, slots fall free first.
                var lead = heldBack ? 0 : ahead.Count;
                var more = Math.Max(0, lead - Math.Max(0, now - options.Workers));
                // Claims ahead come in lots of half the lead; a free slot is filled at once.
                var isWorthIt = slots > 0 || (more > 0 && more >= lead / 2);
                var batch = isWorthIt && keeper.Current is { } lease ? await ClaimAsync(lease, slots, more) : null;
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

    private TimeSpan Pause(TimeSpan? opensIn)
    {
        if (opensIn is not { } wait || wait > options.Poll) return options.Poll;
        return wait < ShortestPause ? ShortestPause : wait;
    }

    private async Task<ClaimedBatch?> ClaimAsync(NodeLease lease, int slots, int more)
    {
        try
        {
            var started = clock.GetTimestamp();
            var batch = await store.ClaimAsync(lease.Key, slots, more, services.Names, stopClaiming.Token);
            if (batch.Tasks.Count == 0) return batch;
            ahead.Claimed(clock.GetElapsedTime(started));
            Interlocked.Add(ref held, batch.Tasks.Count);
            foreach (var task in batch.Tasks) claims.Writer.TryWrite(new Claim(lease, task, running.Add(task.Key), started));
            feed.Publish(batch.Changes);
            return batch;
        }
        catch (Exception error) when (error is not OperationCanceledException || !stopClaiming.IsCancellationRequested)
        {
            Log.ClaimFailed(logger, error.Message);
            return null;
        }
    }

    private async Task RunSlotAsync()
    {
        await foreach (var claim in claims.Reader.ReadAllAsync())
        {
            if (outages.CameAfter(claim.Task.Job.LaneKey, claim.AskedAt))
            {
                await ReleaseAsync(claim);
                continue;
            }

            var result = await executor.RunAsync(claim.Task, claim.Running, claim.Lease.Lost, abort.Token);
            if (result.Duration > TimeSpan.Zero) ahead.Executed(result.Duration);
            if (result.Event == TaskEvent.Throttle) outages.Note(claim.Task.Job.LaneKey);
            await EndAsync(claim, result);
        }
    }

    private ValueTask ReleaseAsync(Claim claim) => EndAsync(claim, new AttemptResult { Task = claim.Task, Event = TaskEvent.Release });

    private async ValueTask EndAsync(Claim claim, AttemptResult result)
    {
        running.Remove(claim.Task.Key, claim.Running);
        await completer.AddAsync(claim.Lease, result);
        Interlocked.Decrement(ref held);
        wakeup.Set();
    }

    private async Task<bool> EndsWithin(Task work, TimeSpan limit)
    {
        using var over = new CancellationTokenSource();
        var first = await Task.WhenAny(work, Task.Delay(limit, clock, over.Token));
        await over.CancelAsync();
        return first == work;
    }

    private readonly record struct Claim(NodeLease Lease, ClaimedTask Task, RunningTask Running, long AskedAt);
}
