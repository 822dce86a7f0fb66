using System.Text.Json;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Policies.Failures;
using StashAI.Queue.Signals;
using StashAI.Queue.Store;

namespace StashAI.Queue.Maintenance;

/// <summary>
/// Changes of one job that take several transactions, for a person who waits for them. Each is stored as a bulk operation first, so that
/// another process finishes it if this one dies, and is then worked on here.
/// </summary>
internal sealed class AttendedBulk(IQueueStore store, QueueFeed feed, Wakeup work)
{
    private readonly Guid worker = Guid.NewGuid();

    /// <summary>Retries or skips one group of a job's failures; returns how many tasks.</summary>
    public async Task<int> ChangeFailuresAsync(
        JobView job, long fingerprint, BulkAction action, string? askedBy, CancellationToken cancellationToken)
    {
        var query = new JobQuery { Limit = 1, OnlyIds = [job.JobId], Fingerprint = fingerprint };
        var filter = JsonSerializer.Serialize(new { ids = new[] { job.JobId }, error = Failure.Text(fingerprint) });
        var bulk = await AddAsync(action, filter, query, askedBy, cancellationToken);
        var selection = new RetrySelection(fingerprint, null, bulk.CreatedAt);
        var count = 0;
        for (int? next = 0; next is { } from;)
        {
            // It is stored, so it goes through, whether or not the caller still waits.
            (var result, next) = action == BulkAction.Retry
                ? await store.Control.RetryFailedAsync(job.Key, selection, from, CancellationToken.None)
                : await store.Control.SkipFailedAsync(job.Key, selection, from, CancellationToken.None);
            count += result.Retried;
            Publish(result.Changes);
            if (next is not null && !await SaveAsync(bulk, BulkWorker.Lease)) return count;
        }

        await SaveAsync(Over(bulk), BulkWorker.Lease);
        return count;
    }

    /// <summary>Stores that a job is to be removed, once it is over.</summary>
    public Task<BulkOperation> BeginDeleteAsync(JobView job, string? askedBy, CancellationToken cancellationToken) => AddAsync(
        BulkAction.Delete, JsonSerializer.Serialize(new { ids = new[] { job.JobId } }),
        new JobQuery { Limit = 1, OnlyIds = [job.JobId] }, askedBy, cancellationToken);

    /// <summary>Removes the job if it is over; false leaves it to the maintenance of any process.</summary>
    public async Task<bool> EndDeleteAsync(BulkOperation bulk, long job)
    {
        var isRemoved = await store.Control.RemoveJobAsync(job, CancellationToken.None)
            || (await store.Read.FindJobsAsync([job], CancellationToken.None)).Count == 0;
        await SaveAsync(isRemoved ? Over(bulk) : bulk, isRemoved ? BulkWorker.Lease : TimeSpan.Zero);
        return isRemoved;
    }

    private static BulkOperation Over(BulkOperation bulk) =>
        bulk with { State = BulkState.Completed, IsRead = true, Done = 1, Matched = 1 };

    private Task<BulkOperation> AddAsync(
        BulkAction action, string filter, JobQuery query, string? askedBy, CancellationToken cancellationToken) => store.Bulk.AddBulkAsync(
        new NewBulk(Guid.CreateVersion7(), action, null, filter, query, askedBy, 1) { Taken = (worker, BulkWorker.Lease) },
        cancellationToken);

    private Task<bool> SaveAsync(BulkOperation bulk, TimeSpan lease) =>
        store.Bulk.SaveBulkAsync(worker, lease, bulk, CancellationToken.None);

    private void Publish(ChangeSet changes)
    {
        if (changes.IsEmpty) return;
        feed.Publish(changes);
        work.Set();
    }
}
