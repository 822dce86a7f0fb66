using StashAI.Queue.Direct;
using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Store;

namespace StashAI.Queue.Engine;

/// <summary>
/// What is asked of the queue: new jobs, and changes of jobs, tasks and services. Each is stored and published, and wakes whatever it
/// concerns.
/// </summary>
public sealed partial class QueueEngine
{
    /// <summary>Stores the limits of the registry's services; to be called when the services have changed.</summary>
    public async Task DeclareServicesAsync(CancellationToken cancellationToken)
    {
        await store.Gate.DeclareAsync(services.Manifests, cancellationToken);
        work.Set();
    }

    /// <summary>Opens an upload.</summary>
    public IUpload OpenUpload() => store.OpenUpload((keeper.Current ?? throw new UploadLostException()).Key);

    /// <summary>Commits an upload and wakes the workers.</summary>
    public async Task<EnqueuedJob> CommitAsync(IUpload upload, NewJob job, CancellationToken cancellationToken)
    {
        var enqueued = await upload.CommitAsync(job, cancellationToken);
        if (!enqueued.IsDuplicate && !enqueued.IsDifferentRequest) series.AddSubmitted(job.Service, enqueued.Total);
        work.Set();
        relay?.AnnounceWork(enqueued.Key);
        Feed.PublishElsewhere([enqueued.Key]);
        return enqueued;
    }

    /// <summary>True when the job may run directly, without the store.</summary>
    public bool CanRunDirect(NewJob job) => direct.CanRun(job);

    /// <summary>
    /// Runs a job at once and without the store, with the queue's workers and retry policy. It takes at most a minute plus one call.
    /// Nothing is stored.
    /// </summary>
    public Task<DirectRun> RunDirectAsync(NewJob job, IReadOnlyList<DirectTask> tasks, CancellationToken cancellationToken) =>
        direct.RunAsync(job, tasks, cancellationToken);

    public async Task<CancelResult> CancelJobAsync(long jobKey, CancellationToken cancellationToken) =>
        Publish(await store.Control.CancelJobAsync(jobKey, cancellationToken));

    public async Task<CancelResult> CancelTaskAsync(long taskKey, CancellationToken cancellationToken) =>
        Publish(await store.Control.CancelTaskAsync(taskKey, cancellationToken));

    /// <summary>Runs the failed tasks of a job again, and with <paramref name="withCancelled"/> also the cancelled ones.</summary>
    public async Task<RetryResult> RetryJobAsync(long jobKey, bool withCancelled, CancellationToken cancellationToken) =>
        Publish(await store.Control.RetryJobAsync(jobKey, withCancelled, cancellationToken));

    /// <summary>Runs one failed or cancelled task again.</summary>
    public async Task<RetryResult> RetryTaskAsync(long taskKey, CancellationToken cancellationToken) =>
        Publish(await store.Control.RetryTaskAsync(taskKey, cancellationToken));

    /// <summary>Runs one failed or cancelled task again with another input.</summary>
    public async Task<RetryResult> RetryTaskAsync(long taskKey, ReadOnlyMemory<byte> input, CancellationToken cancellationToken) =>
        Publish(await store.Control.RetryTaskAsync(taskKey, input, cancellationToken));

    /// <summary>
    /// Runs one group of a job's failures again, or cancels it; returns how many tasks. Any process finishes it if this one dies.
    /// </summary>
    public Task<int> ChangeFailuresAsync(
        JobView job, long fingerprint, BulkAction action, string? askedBy, CancellationToken cancellationToken) =>
        attended.ChangeFailuresAsync(job, fingerprint, action, askedBy, cancellationToken);

    /// <summary>Stores that a job is to be removed, and cancels it. Any process finishes it if this one dies.</summary>
    public async Task<BulkOperation> BeginDeleteAsync(JobView job, string? askedBy, CancellationToken cancellationToken)
    {
        var begun = await attended.BeginDeleteAsync(job, askedBy, cancellationToken);
        await CancelJobAsync(job.Key, CancellationToken.None);
        return begun;
    }

    /// <summary>Removes the job if it is over; false leaves it to the maintenance of any process.</summary>
    public async Task<bool> EndDeleteAsync(BulkOperation begun, JobView job)
    {
        var isRemoved = await attended.EndDeleteAsync(begun, job.Key);
        if (isRemoved) PublishRemoval(job);
        else bulkAsked.Set();
        return isRemoved;
    }

    /// <summary>Changes a job while it runs.</summary>
    public async Task<ChangeSet> ChangeJobAsync(long jobKey, JobPatch patch, CancellationToken cancellationToken)
    {
        var changes = await store.Control.ChangeJobAsync(jobKey, patch, cancellationToken);
        Feed.Publish(changes);
        work.Set();
        return changes;
    }

    /// <summary>Hides a job that is over, so that it is removed; false for one that is not over.</summary>
    public async Task<bool> RemoveJobAsync(JobView job, CancellationToken cancellationToken)
    {
        var isRemoved = await store.Control.RemoveJobAsync(job.Key, cancellationToken);
        if (isRemoved) PublishRemoval(job);
        return isRemoved;
    }

    private void PublishRemoval(JobView job)
    {
        Feed.Publish(new ChangeSet([], [new JobChange(job.Key, job.JobId, job.Version, job.State, job.State)]));
        // A person who removes a job of many photos wants their room.
        jobRemoved.Set();
    }

    /// <summary>Pauses or resumes a job. A pause with an end is ended by the maintenance of any process.</summary>
    public async Task<ChangeSet> PauseJobAsync(
        long jobKey, bool paused, CancellationToken cancellationToken, DateTimeOffset? until = null)
    {
        var changes = await store.Control.PauseJobAsync(jobKey, paused, until, cancellationToken);
        Feed.Publish(changes);
        if (until is not null) pauseSet.Set();
        work.Set();
        return changes;
    }

    /// <summary>Stores a bulk operation, which the maintenance of any process then works on.</summary>
    public async Task<BulkOperation> StartBulkAsync(NewBulk bulk, CancellationToken cancellationToken)
    {
        var started = await store.Bulk.AddBulkAsync(bulk, cancellationToken);
        bulkAsked.Set();
        return started;
    }

    /// <summary>Stops a bulk operation; false when it is unknown or over.</summary>
    public Task<bool> StopBulkAsync(Guid id, CancellationToken cancellationToken) => store.Bulk.StopBulkAsync(id, cancellationToken);

    /// <summary>
    /// Pauses or resumes a service, or everything with <see cref="Pauses.Everything"/>. Resuming also ends the pause that the service asked
    /// for, and its circuit's. A pause with an end is ended by the maintenance of any process, and ends nothing else then.
    /// </summary>
    public async Task<Reopening> PauseServiceAsync(
        string service, bool paused, CancellationToken cancellationToken, DateTimeOffset? until = null)
    {
        await store.Control.PauseServiceAsync(service, paused, until, cancellationToken);
        if (!paused) return await ReopenServiceAsync(service, cancellationToken);
        if (until is not null) pauseSet.Set();
        WakeWorkers();
        return Reopening.Nothing;
    }

    /// <summary>Changes limits of a service while it runs; they hold in all processes from the next claim on.</summary>
    public async Task SetLimitsAsync(string service, LimitPatch patch, CancellationToken cancellationToken)
    {
        await store.Gate.SetLimitsAsync(service, patch, cancellationToken);
        WakeWorkers();
    }

    /// <summary>
    /// Ends everything that makes the lanes of a service wait, so that it is called at once: the pause that the service asked for, its
    /// circuit, and the delays of its tasks. A pause by a person stays.
    /// </summary>
    public async Task<Reopening> ReopenServiceAsync(string service, CancellationToken cancellationToken)
    {
        var reopened = await store.Control.ReopenAsync(service, cancellationToken);
        Feed.Publish(reopened.Changes);
        WakeWorkers();
        return reopened;
    }

    private void WakeWorkers()
    {
        promoting.Set();
        work.Set();
        relay?.AnnounceWork();
    }

    private CancelResult Publish(CancelResult result)
    {
        // Another process learns of a cancel of its task at its next heartbeat.
        foreach (var task in result.AbortRequested) running.Cancel(task);
        Feed.Publish(result.Changes);
        return result;
    }

    private RetryResult Publish(RetryResult result)
    {
        Feed.Publish(result.Changes);
        work.Set();
        return result;
    }
}
