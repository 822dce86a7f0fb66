namespace StashAI.Queue.Model.Jobs;

/// <summary>A page of jobs, newest first.</summary>
/// <param name="TotalCount">How many jobs match the filter.</param>
/// <param name="HasMore">True when older jobs follow.</param>
public sealed record JobPage(IReadOnlyList<JobView> Jobs, long TotalCount, bool HasMore);
