using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>A job or a task. Clients see one space of ids for both (C-04).</summary>
/// <param name="Job">The job.</param>
/// <param name="Ordinal">The task's position in the job; null for a job's id.</param>
internal readonly record struct QueueEntry(JobView Job, int? Ordinal)
{
    public long TaskKey => StashAI.Queue.Model.Tasks.TaskKey.From(Job.Key, Ordinal!.Value);
}

/// <inheritdoc cref="QueueEntry"/>
internal static class QueueLookup
{
    /// <summary>Finds a job or a task by id, or null.</summary>
    public static async Task<QueueEntry?> FindAsync(IRead store, string? id, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(id, out var guid)) return null;
        var (jobId, ordinal) = TaskKey.Parse(guid);
        var job = await store.FindJobAsync(jobId, cancellationToken);
        return job is null || ordinal >= job.Counters.Total ? null : new QueueEntry(job, ordinal);
    }

    /// <summary>Finds a job or a task by id; throws a 404 otherwise.</summary>
    public static async Task<QueueEntry> GetAsync(IRead store, string id, CancellationToken cancellationToken) =>
        await FindAsync(store, id, cancellationToken)
        ?? throw Unknown(id);

    /// <summary>The refusal of an unknown id.</summary>
    public static RequestException Unknown(string id) =>
        RequestException.NotFound($"There is no job or task {id}; GET /api/queue/jobs lists the jobs.");

    /// <summary>Finds a job by id; throws a 404 otherwise.</summary>
    public static async Task<JobView> GetJobAsync(IRead store, string id, CancellationToken cancellationToken)
    {
        var entry = await FindAsync(store, id, cancellationToken);
        return entry is { Ordinal: null } found
            ? found.Job
            : throw RequestException.NotFound($"There is no job {id}; GET /api/queue/jobs lists the jobs.");
    }
}
