namespace StashAI.Queue.Model.Audit;

/// <summary>Which changes a page shows; what is null filters nothing.</summary>
public sealed record AuditQuery
{
    /// <summary>Only those of this name.</summary>
    public string? Who { get; init; }

    /// <summary>Only those with this word.</summary>
    public string? Action { get; init; }

    /// <summary>Only changes of things of this kind.</summary>
    public string? TargetKind { get; init; }

    /// <summary>Only changes of what has this id or name.</summary>
    public string? TargetId { get; init; }

    /// <summary>Only those after this moment.</summary>
    public DateTimeOffset? After { get; init; }

    /// <summary>Only those before this moment.</summary>
    public DateTimeOffset? Before { get; init; }

    /// <summary>Only entries with a lower key, as <see cref="AuditPage.Next"/> of the page before has it.</summary>
    public long BeforeKey { get; init; } = long.MaxValue;

    /// <summary>At most this many.</summary>
    public required int Limit { get; init; }
}

/// <summary>A page of changes, newest first.</summary>
/// <param name="Next">Where the next page begins; null for the last one.</param>
/// <param name="Matches">How many entries match, of those that were looked at.</param>
/// <param name="IsComplete">True when all entries below the beginning were looked at.</param>
public sealed record AuditPage(IReadOnlyList<AuditEntry> Entries, long? Next, int Matches, bool IsComplete);
