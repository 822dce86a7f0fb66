using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Model.Figures;

/// <summary>All tasks by state, from counters.</summary>
/// <param name="Available">Tasks that can be claimed.</param>
/// <param name="Scheduled">Tasks that wait for their time.</param>
/// <param name="Running">Tasks that are claimed.</param>
/// <param name="Completed">Tasks with a result.</param>
/// <param name="Failed">Tasks that failed permanently.</param>
/// <param name="Cancelled">Tasks that were cancelled.</param>
public readonly record struct QueueTotals(long Available, long Scheduled, long Running, long Completed, long Failed, long Cancelled)
{
    /// <summary>All of them.</summary>
    public long Total => Available + Scheduled + Running + Completed + Failed + Cancelled;

    /// <summary>From counts by <see cref="TaskState"/>.</summary>
    public static QueueTotals Of(ReadOnlySpan<long> counts) => new(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]);
}
