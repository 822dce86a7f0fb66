namespace StashAI.Queue.Model.Jobs;

/// <summary>A page of jobs.</summary>
/// <param name="Jobs">
/// The jobs. A read looks at a bounded number of jobs, so it may find fewer than there is room for, or none, and still have a next page.
/// </param>
/// <param name="Total">All jobs that the query matches, as far as they were counted for its first page.</param>
/// <param name="IsTotalExact">False when there are more.</param>
/// <param name="Next">The <see cref="JobQuery.After"/> of the next page; null when there are no more jobs.</param>
public sealed record JobQueryPage(IReadOnlyList<JobView> Jobs, long Total, bool IsTotalExact, JobPlace? Next);
