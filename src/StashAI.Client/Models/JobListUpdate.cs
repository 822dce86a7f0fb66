namespace StashAI.Client.Models;

/// <summary>News of a list of jobs that is watched.</summary>
public sealed record JobListUpdate
{
    /// <summary>
    /// True for a page of the list, with up to 100 jobs, the newest first: forget what was shown before. It comes first, and again after a
    /// broken connection.
    /// </summary>
    public bool IsPage { get; init; }

    /// <summary>The jobs of the page; else those that match and are new or changed.</summary>
    public IReadOnlyList<Job> Jobs { get; init; } = [];

    /// <summary>Jobs that do not match any more, in their new state. Some may not have been shown.</summary>
    public IReadOnlyList<Job> Left { get; init; } = [];

    /// <summary>The ids of jobs that were deleted. Some may not have been shown.</summary>
    public IReadOnlyList<Guid> Removed { get; init; } = [];

    /// <summary>How many jobs match, with a page; of very many the server counts a part. Null for other updates.</summary>
    public long? Total { get; init; }
}
