namespace StashAI.Queue.Model.Jobs;

/// <summary>Where a page of jobs ends. It names a place, so jobs that come or go move no page.</summary>
/// <param name="Rank">What the order compares first; 0 where that is the key.</param>
/// <param name="Key">The job's key.</param>
/// <param name="Total">How many jobs were counted for the first page.</param>
/// <param name="IsTotalExact">False when there were more than were counted.</param>
public readonly record struct JobPlace(long Rank, long Key, long Total, bool IsTotalExact)
{
    /// <summary>What an order by text compares first; null in others.</summary>
    public string? Text { get; init; }
}
