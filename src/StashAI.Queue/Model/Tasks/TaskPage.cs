namespace StashAI.Queue.Model.Tasks;

/// <summary>A page of tasks: the newest jobs' first, within a job the last item first; of one job the first item first.</summary>
/// <param name="Tasks">The tasks, without results.</param>
/// <param name="TotalCount">All tasks that the filter matches, from counters.</param>
/// <param name="HasMore">True when more follow.</param>
public sealed record TaskPage(IReadOnlyList<TaskView> Tasks, long TotalCount, bool HasMore);
