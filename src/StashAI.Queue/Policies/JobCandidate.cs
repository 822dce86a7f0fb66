namespace StashAI.Queue.Policies;

/// <summary>A job with tasks that can be claimed now.</summary>
/// <param name="Key">Internal key.</param>
/// <param name="Priority">0 to 9, higher first; raised when the job has waited long.</param>
/// <param name="VirtualTime">The job's position in the fair order, in micro-units.</param>
/// <param name="Weight">The job's share, at least 1.</param>
/// <param name="Capacity">How many of its tasks can be claimed now.</param>
/// <param name="Requeued">How many available tasks lie below the cursor: they were claimed before.</param>
/// <param name="NextOrdinal">The cursor: tasks from this ordinal on were never claimed.</param>
/// <param name="Total">The number of the job's tasks.</param>
/// <param name="Available">The number of available tasks.</param>
public sealed record JobCandidate(
    long Key, int Priority, long VirtualTime, int Weight, int Capacity, int Requeued, int NextOrdinal, int Total, int Available)
{
    /// <summary>How many of the job's tasks share a call.</summary>
    public int PackSize { get; init; } = 1;

    /// <summary>A value of <see cref="SkipRequeued"/>: claim no task that was claimed before.</summary>
    public const int OnlyNeverClaimed = -1;

    /// <summary>How many requeued tasks to skip, or <see cref="OnlyNeverClaimed"/>.</summary>
    public int SkipRequeued { get; init; }

    /// <summary>The most calls that its tasks can need now: requeued tasks may each need a call of their own.</summary>
    public int Calls => Math.Min(Requeued, Capacity) + ((Math.Max(0, Capacity - Requeued) + PackSize - 1) / PackSize);

    /// <summary>What one task of a job of weight 1 adds to the virtual time.</summary>
    public const long VirtualTimeUnit = 1_000_000;

    /// <summary>The virtual time after <paramref name="tasks"/> more tasks were claimed.</summary>
    public long VirtualTimeAfter(int tasks) => VirtualTime + (tasks * VirtualTimeUnit / Weight);
}
