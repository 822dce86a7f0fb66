namespace StashAI.Queue.Model.Jobs;

/// <summary>A page of jobs, newest first.</summary>
/// <param name="Jobs">
/// The jobs. A search looks at a bounded number of jobs, so it may find fewer than there is room for, or none, and still have a next page.
/// </param>
/// <param name="TotalCount">
/// All jobs that the filter matches, from counters; of a search, those among the newest jobs that it looks at.
/// </param>
/// <param name="Next">The <see cref="JobFilter.Before"/> of the next page; null when there are no older jobs.</param>
public sealed record JobPage(IReadOnlyList<JobView> Jobs, long TotalCount, long? Next)
{
    /// <summary>False when older jobs were not counted.</summary>
    public bool IsTotalExact { get; init; } = true;

    /// <summary>True when older ones may follow.</summary>
    public bool HasMore => Next is not null;
}
