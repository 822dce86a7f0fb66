using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Model.Figures;

/// <summary>Which page of tasks to list.</summary>
/// <param name="States">Only these states; empty for all.</param>
/// <param name="Service">Only this service; null for all.</param>
/// <param name="JobKey">Only this job; null for all.</param>
/// <param name="Limit">The most tasks to return.</param>
/// <param name="Offset">How many tasks to skip.</param>
public sealed record TaskFilter(IReadOnlyList<TaskState> States, string? Service, long? JobKey, int Limit, int Offset)
{
    public bool Includes(TaskState state) => States.Count == 0 || States.Contains(state);

    /// <summary>How many of these tasks match the filter's states.</summary>
    public long CountOf(QueueTotals tasks) =>
        Of(TaskState.Available, tasks.Available) + Of(TaskState.Scheduled, tasks.Scheduled) + Of(TaskState.Running, tasks.Running)
        + Of(TaskState.Completed, tasks.Completed) + Of(TaskState.Failed, tasks.Failed) + Of(TaskState.Cancelled, tasks.Cancelled);

    /// <inheritdoc cref="CountOf(QueueTotals)"/>
    public long CountOf(JobCounters job) =>
        CountOf(new QueueTotals(job.Available, job.Scheduled, job.Running, job.Completed, job.Failed, job.Cancelled));

    private long Of(TaskState state, long count) => Includes(state) ? count : 0;
}
