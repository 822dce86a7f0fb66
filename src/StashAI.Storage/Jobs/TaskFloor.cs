using StashAI.Queue.Model.Tasks;

namespace StashAI.Storage.Jobs;

/// <summary>
/// How far a read of the tasks of all jobs goes: it looks at so many tasks and jobs, whether they match or not, so that a filter that
/// matches little costs no more than another. The next page goes on below.
/// </summary>
internal sealed class TaskFloor(TaskQuery query)
{
    /// <summary>The most jobs that one read looks into.</summary>
    public const int MaxJobs = 1000;

    private long left = TaskListing.MaxExamined;
    private int jobs;

    /// <summary>False for queries that find a page among the first tasks.</summary>
    public bool IsNeeded => query.States.Count > 0 || query.Fingerprint is not null || query.LeastAttempts > 0;

    /// <summary>Tasks with lower keys are left to the next page; 0 for none.</summary>
    public long Key { get; private set; }

    /// <summary>Takes the next job in the order of the page; false when the read ends in this one.</summary>
    public bool TryAdd(long job, int total)
    {
        var count = query.After is { } after && TaskKey.JobOf(after) == job ? Math.Min(total, TaskKey.OrdinalOf(after)) : total;
        jobs++;
        if (count < left && jobs < MaxJobs)
        {
            left -= count;
            return true;
        }

        Key = TaskKey.From(job, (int)Math.Max(0, count - left));
        return false;
    }
}
