namespace StashAI.Queue.Model.Jobs;

/// <summary>A page of jobs, newest first.</summary>
/// <param name="Jobs">The jobs.</param>
/// <param name="TotalCount">All jobs that the filter matches, from counters.</param>
/// <param name="HasMore">True when older ones follow.</param>
public sealed record JobPage(IReadOnlyList<JobView> Jobs, long TotalCount, bool HasMore);
