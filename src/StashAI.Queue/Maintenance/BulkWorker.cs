using Microsoft.Extensions.Logging;
using StashAI.Queue.Diagnostics;
using StashAI.Queue.Execution;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Signals;
using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>
/// Works on bulk operations, a batch of jobs at a time. The batch and the place behind it are stored before the batch is worked on, so that
/// after a crash another process repeats this batch only, and counts each job once.
/// </summary>
internal sealed class BulkWorker(IQueueStore store, OwnedTasks running, QueueFeed feed, Wakeup work, ILogger logger)
{
    /// <summary>How many jobs one step works on.</summary>
    public const int BatchSize = 64;

    /// <summary>How many of them at once: the databases commit some of them together.</summary>
    private const int Parallel = 8;

    /// <summary>A process that has not stored its progress for this long is taken for dead.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Guid worker = Guid.NewGuid();

    /// <summary>Does one step of the operation that waited longest.</summary>
    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (await store.Bulk.TakeBulkAsync(worker, Lease, cancellationToken) is not { } bulk) return Pause;
        var progress = await WorkAsync(bulk, cancellationToken);
        if (progress is null) return TimeSpan.Zero;
        var isWaiting = progress.Batch.Count > 0;
        if (progress.Batch.Count < BatchSize && !progress.IsRead) progress = await ReadAsync(progress, cancellationToken);
        if (progress.Batch.Count == 0 && progress.IsRead)
            progress = progress with { State = BulkState.Completed, Matched = progress.Done + progress.Failed };
        if (await store.Bulk.SaveBulkAsync(worker, Lease, progress, cancellationToken) && progress.State == BulkState.Completed)
            Log.BulkEnded(logger, progress.Id, progress.Action, progress.Done, progress.Failed);
        return isWaiting ? Pause : TimeSpan.Zero;
    }

    /// <summary>Adds the next page of jobs to the batch.</summary>
    private async Task<BulkOperation> ReadAsync(BulkOperation bulk, CancellationToken cancellationToken)
    {
        var page = await store.Read.QueryJobsAsync(
            bulk.Query with { After = bulk.Cursor, Limit = BatchSize - bulk.Batch.Count, Until = (bulk.LastJob, bulk.CreatedAt) },
            cancellationToken);
        var batch = bulk.Batch.Concat(page.Jobs.Select(job => job.Key)).Distinct().ToList();
        return bulk with
        {
            Batch = batch,
            Cursor = page.Next ?? bulk.Cursor,
            IsRead = page.Next is null,
            Matched = Math.Max(bulk.Matched, bulk.Done + bulk.Failed + batch.Count),
        };
    }

    /// <summary>Works on the batch. Null when the operation was stopped or taken by another process meanwhile.</summary>
    private async Task<BulkOperation?> WorkAsync(BulkOperation bulk, CancellationToken cancellationToken)
    {
        var (done, failed, error) = (0, 0, bulk.Error);
        var left = new List<long>();
        var gate = new Lock();
        var isLost = false;
        await System.Threading.Tasks.Parallel.ForEachAsync(
            bulk.Batch,
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (job, token) =>
            {
                try
                {
                    var end = Volatile.Read(ref isLost) ? Step.Lost : await ActAsync(bulk, job, token);
                    lock (gate)
                    {
                        if (end == Step.Done) done++;
                        else if (end == Step.Waits) left.Add(job);
                        else isLost = true;
                    }
                }
                // Other errors would meet every job now: the step fails, and is tried again.
                catch (Exception exception) when (exception is InvalidOperationException and not ObjectDisposedException)
                {
                    Log.BulkJobFailed(logger, bulk.Id, job, exception.Message);
                    lock (gate)
                    {
                        failed++;
                        error ??= exception.Message;
                    }
                }
            });
        if (isLost) return null;
        return bulk with { Batch = left, Done = bulk.Done + done, Failed = bulk.Failed + failed, Error = error };
    }

    private async Task<Step> ActAsync(BulkOperation bulk, long job, CancellationToken cancellationToken)
    {
        var control = store.Control;
        switch (bulk.Action)
        {
            case BulkAction.Retry:
                return await RetryAsync(bulk, job, cancellationToken);
            case BulkAction.Cancel:
                Publish(await control.CancelJobAsync(job, cancellationToken));
                return Step.Done;
            case BulkAction.Delete:
                return await DeleteAsync(job, cancellationToken);
            case BulkAction.Priority:
                Publish(await control.ChangeJobAsync(job, new JobPatch { Priority = bulk.Priority }, cancellationToken));
                return Step.Done;
            default:
                Publish(await control.PauseJobAsync(job, bulk.Action == BulkAction.Pause, cancellationToken));
                return Step.Done;
        }
    }

    private async Task<Step> RetryAsync(BulkOperation bulk, long job, CancellationToken cancellationToken)
    {
        // What failed after the request, as a task does that this retry ran again, is not touched.
        var selection = new RetrySelection(bulk.Query.Fingerprint, bulk.Query.ErrorKind, bulk.CreatedAt);
        for (int? next = 0; next is { } from;)
        {
            (var result, next) = await store.Control.RetryFailedAsync(job, selection, from, cancellationToken);
            Publish(result.Changes);
            // A large job takes many steps, and the person may stop in between.
            if (next is not null && !await store.Bulk.SaveBulkAsync(worker, Lease, bulk, cancellationToken)) return Step.Lost;
        }

        return Step.Done;
    }

    /// <summary>Cancels what is open. A job with calls that have not ended yet waits for the next step.</summary>
    private async Task<Step> DeleteAsync(long job, CancellationToken cancellationToken)
    {
        if (await RemoveAsync(job, cancellationToken)) return Step.Done;
        Publish(await store.Control.CancelJobAsync(job, cancellationToken));
        if (await RemoveAsync(job, cancellationToken)) return Step.Done;
        return (await store.Read.FindJobsAsync([job], cancellationToken)).Count == 0 ? Step.Done : Step.Waits;
    }

    private async Task<bool> RemoveAsync(long job, CancellationToken cancellationToken)
    {
        var isRemoved = await store.Control.RemoveJobAsync(job, cancellationToken);
        if (isRemoved) feed.PublishElsewhere([job]);
        return isRemoved;
    }

    private void Publish(CancelResult result)
    {
        foreach (var task in result.AbortRequested) running.Cancel(task);
        Publish(result.Changes);
    }

    private void Publish(ChangeSet changes)
    {
        if (changes.IsEmpty) return;
        feed.Publish(changes);
        work.Set();
    }

    private enum Step
    {
        Done,
        Waits,
        Lost,
    }
}
