using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Live;
using StashAI.Queue.Model;
using StashAI.Queue.Store;

namespace StashAI.Queue.Engine;

/// <summary>
/// Records outcomes: while one batch is being committed the next gathers, so that a lone outcome waits for nothing and thousands
/// share a commit. A full queue holds the executors back. A failed commit is repeated (S12): an outcome is never dropped.
/// </summary>
internal sealed class Completer(IQueueStore store, LaneOutages outages, QueueFeed feed, Wakeup work, TimeProvider clock, ILogger logger) : IDisposable
{
    private const int MaxBatch = 512;
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(250);

    private readonly Channel<(NodeLease Lease, AttemptResult Result)> results =
        Channel.CreateBounded<(NodeLease, AttemptResult)>(new BoundedChannelOptions(4 * MaxBatch) { SingleReader = true });

    private readonly CancellationTokenSource giveUp = new();
    private Task loop = Task.CompletedTask;

    /// <summary>Hands an outcome over; waits while too many are not recorded yet.</summary>
    public ValueTask AddAsync(NodeLease lease, AttemptResult result) => results.Writer.WriteAsync((lease, result));

    public void Start() => loop = Task.Run(RunAsync);

    /// <summary>Records what was handed over; gives up when the database does not come back within <paramref name="patience"/>.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        results.Writer.TryComplete();
        giveUp.CancelAfter(patience);
        await loop;
    }

    public void Dispose() => giveUp.Dispose();

    private async Task RunAsync()
    {
        var batch = new List<AttemptResult>(MaxBatch);
        while (await results.Reader.WaitToReadAsync())
        {
            // Outcomes of an earlier registration go in a batch of their own: their node key differs.
            NodeLease? lease = null;
            while (batch.Count < MaxBatch && results.Reader.TryPeek(out var next) && (lease is null || next.Lease.Key == lease.Key))
            {
                lease = next.Lease;
                batch.Add(next.Result);
                results.Reader.TryRead(out _);
            }

            if (lease is not null) await RecordAsync(lease, batch);
            batch.Clear();
        }
    }

    private async Task RecordAsync(NodeLease lease, List<AttemptResult> batch)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            try
            {
                var applied = await store.ApplyAsync(lease.Key, batch, CancellationToken.None);
                Report(batch, applied);
                feed.Publish(applied.Changes);
                // Only now do limits count it as over: a claim that the freed slot asked for may have found its job or lane still full.
                work.Set();
                if (!isFirst) await PublishAgainAsync(batch, applied);
                return;
            }
            catch (Exception error)
            {
                Log.OutcomesNotRecorded(logger, batch.Count, error.Message);
                if (giveUp.IsCancellationRequested) return;
                await Task.Delay(RetryPause, clock);
            }
        }
    }

    /// <summary>An earlier try may have been durable although it failed: what it changed was never told to the listeners.</summary>
    private async Task PublishAgainAsync(List<AttemptResult> batch, AppliedBatch applied)
    {
        var tasks = batch.Where((_, i) => applied.Statuses[i] == ApplyStatus.Already).Select(result => result.Task.Key).ToList();
        if (tasks.Count > 0) feed.Publish(await store.ReadVersionsAsync([.. tasks.Select(TaskKey.JobOf).Distinct()], tasks, CancellationToken.None));
    }

    private void Report(List<AttemptResult> batch, AppliedBatch applied)
    {
        if (applied.FoldError is { } reason) Log.AggregateNotKept(logger, reason);
        for (var i = 0; i < batch.Count; i++)
        {
            // Another process may have found out: what waits here for that service goes back too.
            if (applied.Statuses[i] == ApplyStatus.Parked) outages.Note(batch[i].Task.Job.LaneKey);
            if (applied.Statuses[i] == ApplyStatus.LeaseLost && batch[i].Event != TaskEvent.Release)
                Log.OutcomeOfLostLease(logger, batch[i].Task.TaskId);
        }
    }
}
