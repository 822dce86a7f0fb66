namespace StashAI.Queue.Policies;

/// <summary>A job that can give tasks now.</summary>
/// <param name="Key">Internal key.</param>
/// <param name="Priority">0 to 9, higher first; lifted when it waited long.</param>
/// <param name="VirtualTime">Its place in the fair order, in micro-units.</param>
/// <param name="Weight">Its share, at least 1.</param>
/// <param name="Capacity">How many tasks it can give now.</param>
/// <param name="Requeued">How many available tasks lie below its cursor.</param>
/// <param name="NextOrdinal">Its cursor: tasks from here on were never claimed.</param>
/// <param name="Total">How many tasks it has.</param>
/// <param name="Available">How many of them are available.</param>
public sealed record JobCandidate(
    long Key, int Priority, long VirtualTime, int Weight, int Capacity, int Requeued, int NextOrdinal, int Total, int Available)
{
    /// <summary>How many of its tasks share a call.</summary>
    public int PackSize { get; init; } = 1;

    /// <summary>In place of a number: nothing that comes again is taken.</summary>
    public const int OnlyNeverClaimed = -1;

    /// <summary>How many of its tasks that come again are passed by, or <see cref="OnlyNeverClaimed"/>.</summary>
    public int SkipRequeued { get; init; }

    /// <summary>The most calls that its tasks make now: some that come again may need a call each.</summary>
    public int Calls => Math.Min(Requeued, Capacity) + ((Math.Max(0, Capacity - Requeued) + PackSize - 1) / PackSize);

    /// <summary>What one task of weight 1 adds to a virtual time.</summary>
    public const long VirtualTimeUnit = 1_000_000;

    /// <summary>Its virtual time after it gave some tasks.</summary>
    public long VirtualTimeAfter(int tasks) => VirtualTime + (tasks * VirtualTimeUnit / Weight);
}
