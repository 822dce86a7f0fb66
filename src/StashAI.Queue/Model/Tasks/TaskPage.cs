namespace StashAI.Queue.Model.Tasks;

/// <summary>A page of tasks. Over all jobs: newest job first, last item first. Of one job: first item first.</summary>
/// <param name="Tasks">The tasks, without results.</param>
/// <param name="TotalCount">How many tasks match the filter.</param>
/// <param name="HasMore">True when more follow.</param>
public sealed record TaskPage(IReadOnlyList<TaskView> Tasks, long TotalCount, bool HasMore);
