namespace StashAI.Client.Models;

/// <summary>Which jobs to list. All conditions must hold; an empty query means all jobs.</summary>
public sealed record JobQuery
{
    /// <summary>The states to list; empty for all.</summary>
    public IReadOnlyList<JobState> States { get; init; } = [];

    /// <summary>The name of the service; null for all.</summary>
    public string? Service { get; init; }

    /// <summary>A part of the job's name, in upper or lower case; null for all.</summary>
    public string? Name { get; init; }

    /// <summary>Only jobs that were submitted at this time or later.</summary>
    public DateTimeOffset? CreatedAfter { get; init; }

    /// <summary>Only jobs that were submitted before this time.</summary>
    public DateTimeOffset? CreatedBefore { get; init; }

    /// <summary>How many jobs one request reads, 1 to 1,000. The default is 100.</summary>
    public int PageSize { get; init; } = 100;
}
