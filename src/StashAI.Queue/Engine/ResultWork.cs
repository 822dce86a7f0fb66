using System.Text.Json;
using StashAI.Queue.Maintenance;
using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Erasures;
using StashAI.Queue.Model.Groupings;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Services;
using StashAI.Queue.Signals;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Queue.Engine;

/// <summary>What can be done with results after they were recorded: judge them again, group what they show, and erase a subject.</summary>
public sealed class ResultWork
{
    private readonly IQueueStore store;
    private readonly ServiceRegistry services;
    private readonly Rematcher rematcher;
    private readonly Eraser? eraser;
    private readonly Wakeup bulkAsked;
    private readonly Wakeup groupingAsked;
    private readonly Wakeup? erasingAsked;

    internal ResultWork(
        IQueueStore store, ServiceRegistry services, Rematcher rematcher, Eraser? eraser, Wakeup bulkAsked, Wakeup groupingAsked,
        Wakeup? erasingAsked)
    {
        this.store = store;
        this.services = services;
        this.rematcher = rematcher;
        this.eraser = eraser;
        this.bulkAsked = bulkAsked;
        this.groupingAsked = groupingAsked;
        this.erasingAsked = erasingAsked;
    }

    /// <summary>Erasures of subjects.</summary>
    public IErasures Erasures => store.Erasures;

    /// <summary>
    /// Stores that a subject is to be removed from everything that is stored, and deletes it in its service. The maintenance of any process
    /// does the rest, also if the service cannot be reached now; then the erasure says why it waits.
    /// </summary>
    public async Task<Erasure> EraseAsync(ErasedSubject subject, string? askedBy, CancellationToken cancellationToken)
    {
        var erasure = await store.Erasures.AddErasureAsync(Guid.CreateVersion7(), subject, askedBy, cancellationToken);
        try
        {
            if (eraser is not null) await eraser.BeginAsync(erasure, cancellationToken);
        }
        catch (HttpRequestException)
        {
            // It is stored with the erasure, and tried again.
        }

        erasingAsked?.Set();
        return await store.Erasures.FindErasureAsync(erasure.Id, CancellationToken.None) ?? erasure;
    }

    /// <summary>Groups of what results show of unknown subjects.</summary>
    public IGroupings Groupings => store.Groupings;

    /// <summary>
    /// Stores that what some ended jobs show of unknown subjects is to be grouped, which the maintenance of any process then does.
    /// </summary>
    /// <param name="jobs">The jobs. The groups belong to the first, and replace those that it had.</param>
    /// <param name="bulk">The operation, for the first job.</param>
    /// <param name="minSize">The smallest group.</param>
    /// <param name="cancellationToken">Ends the wait, before the operation is stored.</param>
    public async Task<BulkOperation> StartGroupingAsync(
        IReadOnlyList<JobView> jobs, NewBulk bulk, int minSize, CancellationToken cancellationToken)
    {
        // Another process may take the operation before its grouping is stored, and would take it for replaced.
        var worker = Guid.NewGuid();
        var started = await store.Bulk.AddBulkAsync(bulk with { Taken = (worker, BulkWorker.Lease) }, cancellationToken);
        var grouping = new Grouping
        {
            JobKey = jobs[0].Key,
            BulkKey = started.Key,
            Jobs = [.. jobs.Select(job => job.Key)],
            Threshold = bulk.Threshold,
            MinSize = minSize,
            Total = jobs.Sum(job => job.Counters.Completed),
        };
        await store.Groupings.BeginGroupingAsync(grouping, CancellationToken.None);
        await store.Bulk.SaveBulkAsync(worker, TimeSpan.Zero, started, CancellationToken.None);
        groupingAsked.Set();
        return started;
    }

    /// <summary>Why what the results of a job show cannot be grouped now; null when it can.</summary>
    public Task<string?> RefuseGroupingAsync(JobView job, CancellationToken cancellationToken) =>
        RefuseAsync(job, services.FindGrouping(job.Service, job.TaskType) is not null, "grouped", cancellationToken);

    /// <summary>Whether the results of two jobs can be grouped together: by the same operation of the same service.</summary>
    public bool CanGroupTogether(JobView one, JobView other) =>
        one.Service == other.Service && one.Upstream.GetLeftPart(UriPartial.Authority) == other.Upstream.GetLeftPart(UriPartial.Authority)
        && services.FindGrouping(one.Service, one.TaskType) is { } grouping
        && ReferenceEquals(grouping, services.FindGrouping(other.Service, other.TaskType));

    /// <summary>Results that are judged again.</summary>
    public IRematches Rematches => store.Rematches;

    /// <summary>Who or what results show.</summary>
    public ISubjects Subjects => store.Subjects;

    /// <summary>Why the results of a job cannot be judged again now; null when they can.</summary>
    public Task<string?> RefuseRematchAsync(JobView job, CancellationToken cancellationToken) =>
        RefuseAsync(job, services.FindRematch(job.Service, job.TaskType) is not null, "judged again", cancellationToken);

    /// <summary>
    /// Judges some results of a job again: at once if the service answers, and durably with all others of the job, so that the aggregate is
    /// that of the new results. The threshold stays that of the job's last rematch.
    /// </summary>
    /// <returns>How many of the results are judged by now, and the operation that judges the rest.</returns>
    public async Task<(int Judged, BulkOperation Bulk)> JudgeResultsAsync(
        JobView job, IReadOnlyList<long> tasks, string? askedBy, CancellationToken cancellationToken)
    {
        var threshold = (await store.Rematches.FindRematchAsync(job.Key, cancellationToken))?.Threshold;
        var query = new JobQuery { Limit = 1, OnlyIds = [job.JobId], AwaitsEnd = true };
        var filter = JsonSerializer.Serialize(new { ids = new[] { job.JobId } });
        var bulk = await store.Bulk.AddBulkAsync(
            new NewBulk(Guid.CreateVersion7(), BulkAction.Rematch, null, filter, query, askedBy, 1) { Threshold = threshold },
            cancellationToken);
        try
        {
            // From here on the steps of an earlier rematch, which may have asked before the change, are not stored.
            await store.Rematches.BeginRematchAsync(job.Key, bulk, cancellationToken);
            return (await rematcher.JudgeAsync(job, tasks, threshold, cancellationToken), bulk);
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutException or InvalidOperationException)
        {
            // The operation tries again, and says what is wrong if it cannot go on.
            return (0, bulk);
        }
        finally
        {
            bulkAsked.Set();
        }
    }

    private async Task<string?> RefuseAsync(JobView job, bool isPossible, string done, CancellationToken cancellationToken)
    {
        if (!isPossible)
        {
            return $"The results of {job.Service} ({job.TaskType}) cannot be {done}; "
                + "those of photos and videos whose faces were identified can.";
        }

        if (!JobStateMachine.IsTerminal(job.State)) return $"The job {job.JobId} has not ended; its results can be {done} when it has.";
        return await store.Rematches.HasDerivedAsync(job.Key, cancellationToken) ? null : Rematcher.NothingStored(job);
    }
}
