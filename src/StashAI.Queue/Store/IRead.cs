using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Store;

/// <summary>
/// Reads the queue. Jobs whose upload is not complete are never returned. Lists load no payloads, and results only on request.
/// </summary>
public interface IRead : IPayloads
{
    /// <summary>The most groups of failures that are read of a job.</summary>
    const int MaxFailureGroups = 1000;

    Task<JobView?> FindJobAsync(Guid jobId, CancellationToken cancellationToken);

    /// <summary>The job that an earlier request with this idempotency key made, as a commit would find it (S1); null for none.</summary>
    Task<EnqueuedJob?> FindRepeatedAsync(string idempotencyKey, ReadOnlyMemory<byte> requestHash, CancellationToken cancellationToken);

    /// <summary>Jobs by internal key; unknown ones are left out.</summary>
    Task<IReadOnlyList<JobView>> FindJobsAsync(IReadOnlyList<long> jobKeys, CancellationToken cancellationToken);

    /// <summary>Tasks by internal key, optionally with their results; unknown ones are left out.</summary>
    Task<IReadOnlyList<TaskView>> FindTasksAsync(IReadOnlyList<long> taskKeys, bool withOutput, CancellationToken cancellationToken);

    /// <summary>Tasks by internal key with their results, and their jobs, in one read; unknown ones are left out.</summary>
    Task<(IReadOnlyList<TaskView> Tasks, IReadOnlyList<JobView> Jobs)> FindTasksWithJobsAsync(
        IReadOnlyList<long> taskKeys, CancellationToken cancellationToken);

    /// <summary>A page of jobs.</summary>
    Task<JobPage> ListJobsAsync(JobFilter filter, CancellationToken cancellationToken);

    /// <summary>A page of jobs by any filter; it looks at a bounded number of jobs.</summary>
    Task<JobQueryPage> QueryJobsAsync(JobQuery query, CancellationToken cancellationToken);

    /// <summary>A page of a job's tasks by ordinal, from <paramref name="fromOrdinal"/> on; ends early past 4 MB of results.</summary>
    Task<IReadOnlyList<TaskView>> ListTasksAsync(long jobKey, int fromOrdinal, int limit, bool withOutput,
        CancellationToken cancellationToken);

    /// <summary>A page of tasks over all jobs.</summary>
    Task<TaskPage> ListTasksAsync(TaskFilter filter, CancellationToken cancellationToken);

    /// <summary>A page of tasks by any filter; it looks at a bounded number of a job's tasks.</summary>
    Task<TaskQueryPage> QueryTasksAsync(TaskQuery query, CancellationToken cancellationToken);

    /// <summary>The input with which a task was submitted, if a person has edited it since; else null.</summary>
    Task<byte[]?> FindFirstInputAsync(long taskKey, CancellationToken cancellationToken);

    /// <summary>
    /// The newest <paramref name="limit"/> ended attempts at a task, oldest first. The one that completed the task is among them.
    /// </summary>
    Task<IReadOnlyList<AttemptView>> ListAttemptsAsync(long taskKey, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// The newest ended attempt at each of these tasks, none of which completed; by the task's internal key. Tasks without one are left
    /// out.
    /// </summary>
    Task<IReadOnlyDictionary<long, AttemptView>> FindLastAttemptsAsync(
        IReadOnlyList<long> taskKeys, CancellationToken cancellationToken);

    /// <summary>The groups of a job's failures, largest first; at most <see cref="MaxFailureGroups"/>.</summary>
    Task<IReadOnlyList<FailureGroup>> ListFailuresAsync(JobView job, CancellationToken cancellationToken);

    /// <summary>One group of a job's failures, or null.</summary>
    Task<FailureGroup?> FindFailureAsync(long jobKey, long fingerprint, CancellationToken cancellationToken);

    /// <summary>
    /// Items of the second of two jobs in their order, from a position on, each with its counterpart in the first: the item that it repeats
    /// with <paramref name="isRerun"/>, else the one at the same position.
    /// </summary>
    Task<IReadOnlyList<ItemPair>> ListPairsAsync(
        long firstKey, long secondKey, bool isRerun, int fromOrdinal, int limit, CancellationToken cancellationToken);

    /// <summary>The binary parts of tasks, by task and in upload order.</summary>
    Task<ILookup<long, PayloadRef>> ListPayloadsAsync(IReadOnlyList<long> taskKeys, CancellationToken cancellationToken);

    /// <summary>The versions of jobs and tasks, to follow other processes; unknown ones are left out.</summary>
    Task<ChangeSet> ReadVersionsAsync(IReadOnlyList<long> jobKeys, IReadOnlyList<long> taskKeys, CancellationToken cancellationToken);

    /// <summary>
    /// The versions of the jobs that change most likely: at most <paramref name="limit"/> open ones, the most urgent first, and as many of
    /// the newest.
    /// </summary>
    Task<ChangeSet> ReadLatestVersionsAsync(int limit, CancellationToken cancellationToken);

    Task<QueueTotals> ReadTotalsAsync(CancellationToken cancellationToken);

    /// <summary>The open tasks of each service, sorted by name.</summary>
    Task<IReadOnlyList<ServiceDepth>> ReadDepthsAsync(CancellationToken cancellationToken);

    /// <summary>All lanes, sorted by internal key.</summary>
    Task<IReadOnlyList<LaneView>> ListLanesAsync(CancellationToken cancellationToken);

    /// <summary>The limits of all services that declare any, or were given any; sorted by name.</summary>
    Task<IReadOnlyList<ServiceLimits>> ListLimitsAsync(CancellationToken cancellationToken);

    /// <summary>The processes whose lease is not over, the newest first.</summary>
    Task<IReadOnlyList<NodeView>> ListNodesAsync(CancellationToken cancellationToken);

    Task<Pauses> ReadPausesAsync(CancellationToken cancellationToken);

    /// <summary>Throws when the database cannot be read.</summary>
    Task PingAsync(CancellationToken cancellationToken);
}
