using StashAI.Queue.Model.Jobs;

namespace StashAI.Queue.Model.Figures;

/// <summary>The queue in numbers. Lone tasks count as tasks and not as jobs.</summary>
/// <param name="Services">Tasks by state, for each service that has some, by name.</param>
/// <param name="Jobs">Jobs by <see cref="JobState"/>, Pending to Cancelled.</param>
/// <param name="Nodes">Processes whose lease is alive.</param>
/// <param name="OldestPending">When the oldest job was submitted that has a task to give now; null for none.</param>
/// <param name="LastMinute">Tasks that ended in the last minute.</param>
public sealed record QueueStats(
    IReadOnlyList<(string Service, QueueTotals Tasks)> Services, IReadOnlyList<long> Jobs, int Nodes, DateTimeOffset? OldestPending, int LastMinute)
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
