using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Store;

/// <summary>Reads of the queue. Jobs whose upload is under way do not exist here. Lists never load payloads or results unasked.</summary>
public interface IRead
{
    /// <summary>The most groups of failures that are read of a job.</summary>
    const int MaxFailureGroups = 1000;

    /// <summary>One job, or null.</summary>
    Task<JobView?> FindJobAsync(Guid jobId, CancellationToken cancellationToken);

    /// <summary>Jobs by internal key; unknown ones are left out.</summary>
    Task<IReadOnlyList<JobView>> FindJobsAsync(IReadOnlyList<long> jobKeys, CancellationToken cancellationToken);

    /// <summary>Tasks by internal key, optionally with their results; unknown ones are left out.</summary>
    Task<IReadOnlyList<TaskView>> FindTasksAsync(IReadOnlyList<long> taskKeys, bool withOutput, CancellationToken cancellationToken);

    /// <summary>A page of jobs.</summary>
    Task<JobPage> ListJobsAsync(JobFilter filter, CancellationToken cancellationToken);

    /// <summary>A page of jobs by any filter; it looks at a bounded number of jobs.</summary>
    Task<JobQueryPage> QueryJobsAsync(JobQuery query, CancellationToken cancellationToken);

    /// <summary>A page of a job's tasks by ordinal, from <paramref name="fromOrdinal"/> on; ends early past 4 MB of results.</summary>
    Task<IReadOnlyList<TaskView>> ListTasksAsync(long jobKey, int fromOrdinal, int limit, bool withOutput, CancellationToken cancellationToken);

    /// <summary>A page of tasks over all jobs.</summary>
    Task<TaskPage> ListTasksAsync(TaskFilter filter, CancellationToken cancellationToken);

    /// <summary>A page of tasks by any filter; it looks at a bounded number of a job's tasks.</summary>
    Task<TaskQueryPage> QueryTasksAsync(TaskQuery query, CancellationToken cancellationToken);

    /// <summary>
    /// The newest <paramref name="limit"/> attempts at a task that are over, oldest first. The one that completed it is among them.
    /// </summary>
    Task<IReadOnlyList<AttemptView>> ListAttemptsAsync(long taskKey, int limit, CancellationToken cancellationToken);

    /// <summary>The groups of a job's failures, largest first; at most <see cref="MaxFailureGroups"/>.</summary>
    Task<IReadOnlyList<FailureGroup>> ListFailuresAsync(JobView job, CancellationToken cancellationToken);

    /// <summary>One group of a job's failures, or null.</summary>
    Task<FailureGroup?> FindFailureAsync(long jobKey, long fingerprint, CancellationToken cancellationToken);

    /// <summary>The binary parts of tasks, by task and in the order in which they were sent.</summary>
    Task<ILookup<long, PayloadRef>> ListPayloadsAsync(IReadOnlyList<long> taskKeys, CancellationToken cancellationToken);

    /// <summary>
    /// Reads piece <paramref name="sequence"/> of a payload, from 0, into <paramref name="destination"/> and says its length; null past
    /// the end. A piece has at most 1 MB, and except for the last a length that is a multiple of 3.
    /// </summary>
    Task<int?> ReadPayloadChunkAsync(long payloadKey, int sequence, Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>The versions of jobs and tasks, to follow other processes; unknown ones are left out.</summary>
    Task<ChangeSet> ReadVersionsAsync(IReadOnlyList<long> jobKeys, IReadOnlyList<long> taskKeys, CancellationToken cancellationToken);

    /// <summary>All tasks by state.</summary>
    Task<QueueTotals> ReadTotalsAsync(CancellationToken cancellationToken);

    /// <summary>How much of each service is open, by name.</summary>
    Task<IReadOnlyList<ServiceDepth>> ReadDepthsAsync(CancellationToken cancellationToken);

    /// <summary>All lanes, by internal key.</summary>
    Task<IReadOnlyList<LaneView>> ListLanesAsync(CancellationToken cancellationToken);

    /// <summary>What is paused.</summary>
    Task<Pauses> ReadPausesAsync(CancellationToken cancellationToken);

    /// <summary>Answers when the database can be read; throws otherwise.</summary>
    Task PingAsync(CancellationToken cancellationToken);
}
