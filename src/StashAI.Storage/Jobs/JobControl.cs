using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Storage.Changes;

namespace StashAI.Storage.Jobs;

/// <summary>
/// Cancels, retries and pauses by people. A call for a whole job runs in many small transactions, so that claims continue in between. Their
/// order is the same on every database, and is defined here.
/// </summary>
internal abstract class JobControl : IControl
{
    /// <summary>How many tasks one transaction cancels, retries or makes due.</summary>
    public const int BatchSize = 5000;

    /// <summary>How many tasks one transaction of a bulk operation retries: claims wait for no more than it takes.</summary>
    private const int SmallBatchSize = 1000;

    public async Task<CancelResult> CancelJobAsync(long jobKey, CancellationToken cancellationToken)
    {
        var begun = await BeginCancelAsync(jobKey, cancellationToken);
        var changes = new ChangeSetBuilder();
        changes.Add(begun.Changes);
        var next = TaskKey.From(jobKey, 0);
        for (var count = BatchSize; count == BatchSize;)
        {
            // Once begun, a cancel is finished, even if the caller no longer waits.
            var batch = await CancelBatchAsync(jobKey, next);
            next = batch.Next;
            count = batch.Result.Cancelled;
            changes.Add(batch.Result.Changes);
        }

        return begun with { Changes = changes.Build() };
    }

    public async Task<RetryResult> RetryJobAsync(long jobKey, bool withCancelled, CancellationToken cancellationToken)
    {
        var changes = new ChangeSetBuilder();
        int? retried;
        while ((retried = await TryBeginRetryAsync(jobKey, withCancelled, cancellationToken)) is null)
        {
            changes.Add(await CloseBatchAsync(jobKey));
        }

        for (var isFinished = false; !isFinished;)
        {
            // Once begun, a retry is finished, even if the caller no longer waits.
            var batch = await RetryBatchAsync(jobKey);
            isFinished = batch.IsFinished;
            changes.Add(batch.Result.Changes);
        }

        return new RetryResult(retried.Value, changes.Build());
    }

    public Task<RetryResult> RetryTaskAsync(long taskKey, CancellationToken cancellationToken) =>
        RetryAsync(taskKey, null, cancellationToken);

    public Task<RetryResult> RetryTaskAsync(long taskKey, ReadOnlyMemory<byte> input, CancellationToken cancellationToken) =>
        RetryAsync(taskKey, input, cancellationToken);

    private async Task<RetryResult> RetryAsync(long taskKey, ReadOnlyMemory<byte>? input, CancellationToken cancellationToken)
    {
        var changes = new ChangeSetBuilder();
        while (true)
        {
            if (await TryRetryTaskAsync(taskKey, input, cancellationToken) is { } result)
            {
                changes.Add(result.Changes);
                return result with { Changes = changes.Build() };
            }

            changes.Add(await CloseBatchAsync(TaskKey.JobOf(taskKey)));
        }
    }

    public Task<(RetryResult Result, int? Next)> RetryFailedAsync(
        long jobKey, RetrySelection selection, int from, CancellationToken cancellationToken) =>
        RetryBatchAsync(jobKey, selection, from, cancellationToken);

    public Task<(RetryResult Result, int? Next)> SkipFailedAsync(
        long jobKey, RetrySelection selection, int from, CancellationToken cancellationToken) =>
        SkipSomeAsync(jobKey, selection, from, SmallBatchSize, cancellationToken);

    public async Task<Reopening> ReopenAsync(string service, CancellationToken cancellationToken)
    {
        var reopened = await OpenLanesAsync(service, cancellationToken);
        var tasks = 0;
        for (var count = BatchSize; count == BatchSize; tasks += count) count = await MakeDueAsync(service);
        return reopened with { Tasks = tasks };
    }

    public abstract Task<CancelResult> CancelTaskAsync(long taskKey, CancellationToken cancellationToken);

    public abstract Task<ChangeSet> ChangeJobAsync(long jobKey, JobPatch patch, CancellationToken cancellationToken);

    public abstract Task<bool> RemoveJobAsync(long jobKey, CancellationToken cancellationToken);

    public abstract Task<ChangeSet> PauseJobAsync(long jobKey, bool paused, DateTimeOffset? until, CancellationToken cancellationToken);

    public abstract Task PauseServiceAsync(string service, bool paused, DateTimeOffset? until, CancellationToken cancellationToken);

    public abstract Task<EndedPauses> EndPausesAsync(int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Stops claims of the job and flags its running tasks. The result counts the waiting tasks, which this call, or the upkeep of any
    /// process, then cancels in batches.
    /// </summary>
    protected abstract Task<CancelResult> BeginCancelAsync(long jobKey, CancellationToken cancellationToken);

    /// <summary>Cancels up to <see cref="BatchSize"/> waiting tasks, starting at <paramref name="fromTaskKey"/>.</summary>
    protected abstract Task<(CancelResult Result, long Next)> CancelBatchAsync(long jobKey, long fromTaskKey);

    /// <summary>Fails up to <see cref="BatchSize"/> waiting tasks whose job's deadline has passed.</summary>
    protected abstract Task<ChangeSet> ExpireBatchAsync();

    /// <summary>
    /// Records that the job's tasks are to be retried, and counts them. This call, or the upkeep of any process, then retries them in
    /// batches. Null while the job's cancel or expiry is not finished.
    /// </summary>
    protected abstract Task<int?> TryBeginRetryAsync(long jobKey, bool withCancelled, CancellationToken cancellationToken);

    /// <summary>Retries up to <see cref="BatchSize"/> tasks of the job.</summary>
    protected abstract Task<(RetryResult Result, bool IsFinished)> RetryBatchAsync(long jobKey);

    /// <summary>Retries one task, with another input if one is given; null while its job's cancel or expiry is not finished.</summary>
    protected abstract Task<RetryResult?> TryRetryTaskAsync(long taskKey, ReadOnlyMemory<byte>? input, CancellationToken cancellationToken);

    /// <summary>
    /// Retries up to <paramref name="limit"/> of the selected failed tasks, from an ordinal on; null while the job is being closed. The
    /// second value is where the next batch starts, or null after the last. Other work goes first.
    /// </summary>
    protected abstract Task<(RetryResult Result, int? Next)?> TryRetrySomeAsync(
        long jobKey, RetrySelection selection, int from, int limit, CancellationToken cancellationToken);

    /// <summary>Cancels up to <paramref name="limit"/> of the selected failed tasks; the rest is as above.</summary>
    protected abstract Task<(RetryResult Result, int? Next)> SkipSomeAsync(
        long jobKey, RetrySelection selection, int from, int limit, CancellationToken cancellationToken);

    protected abstract Task<Reopening> OpenLanesAsync(string service, CancellationToken cancellationToken);

    /// <summary>Makes up to <see cref="BatchSize"/> scheduled tasks of a service due; returns how many.</summary>
    protected abstract Task<int> MakeDueAsync(string service);

    private async Task<(RetryResult Result, int? Next)> RetryBatchAsync(
        long jobKey, RetrySelection selection, int from, CancellationToken cancellationToken)
    {
        var changes = new ChangeSetBuilder();
        while (true)
        {
            if (await TryRetrySomeAsync(jobKey, selection, from, SmallBatchSize, cancellationToken) is var (result, next))
            {
                changes.Add(result.Changes);
                return (result with { Changes = changes.Build() }, next);
            }

            changes.Add(await CloseBatchAsync(jobKey));
        }
    }

    /// <summary>Continues the cancel or the expiry of a job.</summary>
    private async Task<ChangeSet> CloseBatchAsync(long jobKey)
    {
        var (result, _) = await CancelBatchAsync(jobKey, TaskKey.From(jobKey, 0));
        return result.Cancelled > 0 ? result.Changes : await ExpireBatchAsync();
    }
}
