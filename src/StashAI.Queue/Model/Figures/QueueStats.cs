using StashAI.Queue.Model.Jobs;

namespace StashAI.Queue.Model.Figures;

/// <summary>Totals over the whole queue. Single tasks count as tasks, not as jobs.</summary>
/// <param name="Services">Tasks by state for each service that has any, sorted by name.</param>
/// <param name="Jobs">The number of jobs in each <see cref="JobState"/> from Pending to Cancelled.</param>
/// <param name="Nodes">Processes with a valid lease.</param>
/// <param name="OldestPending">When the oldest job that has an available task was submitted; null for none.</param>
/// <param name="LastMinute">Tasks that ended in the last minute.</param>
public sealed record QueueStats(
    IReadOnlyList<(string Service, QueueTotals Tasks)> Services, IReadOnlyList<long> Jobs, int Nodes, DateTimeOffset? OldestPending,
    int LastMinute)
{
    /// <summary>All tasks by state.</summary>
    public QueueTotals Tasks => Services.Aggregate(default(QueueTotals), (sum, one) => new QueueTotals(
        sum.Available + one.Tasks.Available,
        sum.Scheduled + one.Tasks.Scheduled,
        sum.Running + one.Tasks.Running,
        sum.Completed + one.Tasks.Completed,
        sum.Failed + one.Tasks.Failed,
        sum.Cancelled + one.Tasks.Cancelled));
}
