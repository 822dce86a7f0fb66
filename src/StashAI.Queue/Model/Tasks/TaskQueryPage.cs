namespace StashAI.Queue.Model.Tasks;

/// <summary>A page of tasks.</summary>
/// <param name="Tasks">
/// The tasks, without results. A read looks at a bounded number of tasks, so it may find fewer than there is room for, or none, and still
/// have a next page. </param>
/// <param name="Total">All tasks that the query matches, where counters say it; else those of this page.</param>
/// <param name="IsTotalExact">False when there may be more.</param>
/// <param name="Next">The <see cref="TaskQuery.After"/> of the next page; null when there are no more tasks.</param>
public sealed record TaskQueryPage(IReadOnlyList<TaskView> Tasks, long Total, bool IsTotalExact, long? Next);
