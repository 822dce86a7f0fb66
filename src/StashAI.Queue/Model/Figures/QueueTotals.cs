using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Model.Figures;

/// <summary>The number of tasks in each state.</summary>
/// <param name="Available">Tasks that can be claimed.</param>
/// <param name="Scheduled">Tasks that wait for their due time.</param>
/// <param name="Running">Tasks that are claimed.</param>
/// <param name="Completed">Tasks with a result.</param>
/// <param name="Failed">Tasks that failed permanently.</param>
/// <param name="Cancelled">Tasks that were cancelled.</param>
public readonly record struct QueueTotals(long Available, long Scheduled, long Running, long Completed, long Failed, long Cancelled)
{
    public long Total => Available + Scheduled + Running + Completed + Failed + Cancelled;

    /// <summary>Creates totals from counts indexed by <see cref="TaskState"/>.</summary>
    public static QueueTotals Of(ReadOnlySpan<long> counts) => new(counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]);
}
