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
internal sealed class BulkWorker(
    IQueueStore store, Rematcher rematcher, Grouper grouper, OwnedTasks running, QueueFeed feed, Wakeup work, TimeProvider clock,
    ILogger logger)
{
    /// <summary>How many jobs one step works on.</summary>
    public const int BatchSize = 64;

    /// <summary>How many of them at once: the databases commit some of them together.</summary>
    private const int Parallel = 8;

    /// <summary>A process that has not stored its progress for this long is taken for dead.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(10);

    /// <summary>How often the operation is kept for this process while it works on a batch, and a person's stop is seen.</summary>
    public static readonly TimeSpan Heartbeat = TimeSpan.FromMilliseconds(500);

    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>After a batch of a large job, so many times as long belong to other work.</summary>
    private const double Rest = 1;

    private readonly Guid worker = Guid.NewGuid();
    private readonly BulkTries tries = new(store.Probe);

    /// <summary>Does one step of the operation that waited longest, except those that group results.</summary>
    public async Task<TimeSpan> RunOnceAsync(CancellationToken cancellationToken) =>
        await RunOnceAsync(await store.Bulk.TakeBulkAsync(worker, Lease, cancellationToken), cancellationToken);

    /// <summary>The same for operations that group results.</summary>
    public async Task<TimeSpan> GroupOnceAsync(CancellationToken cancellationToken) =>
        await RunOnceAsync(await store.Bulk.TakeGroupingAsync(worker, Lease, cancellationToken), cancellationToken);

    private async Task<TimeSpan> RunOnceAsync(BulkOperation? taken, CancellationToken cancellationToken)
    {
        if (taken is not { } bulk) return Pause;
        var progress = bulk;
        try
        {
            if (bulk.Query is null || !Enum.IsDefined(bulk.Action))
            {
                await FailAsync(
                    bulk, "Another version of this program stored the operation, and this one cannot read it.", cancellationToken);
                return TimeSpan.Zero;
            }

            if (await WorkAsync(bulk, cancellationToken) is not { } worked)
            {
                tries.Forget(bulk.Key);
                return TimeSpan.Zero;
            }

            progress = worked;
            var isWaiting = progress.Batch.Count > 0;
            if (progress.Batch.Count < BatchSize && !progress.IsRead) progress = await ReadAsync(progress, bulk.Query, cancellationToken);
            if (progress.Batch.Count == 0 && progress.IsRead)
                progress = progress with { State = BulkState.Completed, Matched = progress.Done + progress.Failed };
            var isSaved = await store.Bulk.SaveBulkAsync(worker, Lease, progress, cancellationToken);
            tries.Forget(bulk.Key, null);
            if (!isSaved || progress.State == BulkState.Completed) tries.Forget(bulk.Key);
            if (isSaved && progress.State == BulkState.Completed)
                Log.BulkEnded(logger, progress.Id, progress.Action, progress.Done, progress.Failed);
            return isWaiting ? Pause : TimeSpan.Zero;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            // The caller logs it and calls again; then it is the turn of the operation that waited longest, which may be another one.
            if (!await tries.IsLastAsync(bulk.Key, null, cancellationToken)) throw;
            await FailAsync(progress, exception.Message, cancellationToken);
            return TimeSpan.Zero;
        }
    }

    /// <summary>Ends an operation that cannot go on. The jobs that it worked on keep what was done.</summary>
    private async Task FailAsync(BulkOperation bulk, string reason, CancellationToken cancellationToken)
    {
        tries.Forget(bulk.Key);
        if (await store.Bulk.SaveBulkAsync(worker, Lease, bulk with { State = BulkState.Failed, Error = reason }, cancellationToken))
            Log.BulkFailed(logger, bulk.Id, bulk.Action, reason);
    }

    /// <summary>Adds the next page of jobs to the batch.</summary>
    private async Task<BulkOperation> ReadAsync(BulkOperation bulk, JobQuery query, CancellationToken cancellationToken)
    {
        var page = await store.Read.QueryJobsAsync(
            query with { After = bulk.Cursor, Limit = BatchSize - bulk.Batch.Count, Until = (bulk.LastJob, bulk.CreatedAt) },
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

    /// <summary>
    /// Works on the batch, however long that takes: the operation is kept for this process meanwhile. Null when it was stopped or taken by
    /// another process.
    /// </summary>
    private async Task<BulkOperation?> WorkAsync(BulkOperation bulk, CancellationToken cancellationToken)
    {
        if (bulk.Batch.Count == 0) return bulk;
        using var lost = new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(lost.Token, cancellationToken);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var keeping = KeepAsync(bulk, lost, over.Token);
        try
        {
            return await WorkOnBatchAsync(bulk, either.Token);
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            await over.CancelAsync();
            await keeping;
        }
    }

    /// <summary>Keeps the operation for this process until the end, and cancels the work when it is lost.</summary>
    private async Task KeepAsync(BulkOperation bulk, CancellationTokenSource lost, CancellationToken over)
    {
        using var timer = new PeriodicTimer(Heartbeat, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(over))
            {
                if (await store.Bulk.SaveBulkAsync(worker, Lease, bulk, over)) continue;
                await lost.CancelAsync();
                return;
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The work has ended.
        }
        catch (Exception)
        {
            // Without the database nobody knows whose the operation is.
            await lost.CancelAsync();
            throw;
        }
    }

    /// <summary>The same, without keeping the operation. Null when one of the jobs finds that it was stopped or taken.</summary>
    private async Task<BulkOperation?> WorkOnBatchAsync(BulkOperation bulk, CancellationToken cancellationToken)
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
                    if (end != Step.Lost) tries.Forget(bulk.Key, job);
                    lock (gate)
                    {
                        if (end == Step.Done) done++;
                        else if (end == Step.Waits) left.Add(job);
                        else isLost = true;
                    }
                }
                catch (Exception exception) when (exception is not OperationCanceledException || !token.IsCancellationRequested)
                {
                    // What the job itself refuses, it refuses again. Any other error may pass.
                    var isLast = exception is InvalidOperationException and not ObjectDisposedException
                        || await tries.IsLastAsync(bulk.Key, job, token);
                    Log.BulkJobFailed(logger, bulk.Id, job, exception.Message, isLast ? "it is left as it is" : "it is tried again");
                    if (isLast) tries.Forget(bulk.Key, job);
                    lock (gate)
                    {
                        if (isLast) failed++;
                        else left.Add(job);
                        if (isLast) error ??= exception.Message;
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
            case BulkAction.Retry or BulkAction.Skip:
                return await ChangeFailuresAsync(bulk, job, cancellationToken);
            case BulkAction.Rematch:
                return StepOf(await rematcher.RunAsync(bulk, job, cancellationToken));
            case BulkAction.Group:
                return StepOf(await grouper.RunAsync(
                    bulk, job, token => store.Bulk.SaveBulkAsync(worker, Lease, bulk, token), cancellationToken));
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

    private static Step StepOf(RematchEnd end) => end switch
    {
        RematchEnd.Done => Step.Done,
        RematchEnd.Waits => Step.Waits,
        _ => Step.Lost,
    };

    private async Task<Step> ChangeFailuresAsync(BulkOperation bulk, long job, CancellationToken cancellationToken)
    {
        // Clients were told that a batch has ended, and may have read its files.
        if (await store.Read.FindJobsAsync([job], cancellationToken) is [{ IsOver: true } view]
            && await store.FileBatches.FindBatchOfJobAsync(job, cancellationToken) is not null)
        {
            throw new InvalidOperationException(
                $"The job {view.JobId} is a batch of another API that has ended, so its results stay as they are: retry the batch itself, "
                + "or rerun the job.");
        }

        // What failed after the request, as a task does that this retry ran again, is not touched.
        var selection = new RetrySelection(bulk.Query?.Fingerprint, bulk.Query?.ErrorKind, bulk.CreatedAt);
        for (int? next = 0; next is { } from;)
        {
            var start = clock.GetTimestamp();
            (var result, next) = bulk.Action == BulkAction.Retry
                ? await store.Control.RetryFailedAsync(job, selection, from, cancellationToken)
                : await store.Control.SkipFailedAsync(job, selection, from, cancellationToken);
            Publish(result.Changes);
            if (next is null) break;
            // A large job takes many steps, and the person may stop in between.
            if (!await store.Bulk.SaveBulkAsync(worker, Lease, bulk, cancellationToken)) return Step.Lost;
            // Claims and outcomes of other jobs need the processor and the database too.
            if (clock.GetElapsedTime(start) * Rest is { Ticks: > 0 } rest) await Task.Delay(Min(rest, Pause), clock, cancellationToken);
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

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

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
