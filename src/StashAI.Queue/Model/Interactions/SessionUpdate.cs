namespace StashAI.Queue.Model.Interactions;

/// <summary>What a client reports about its session. Null means not reported.</summary>
public sealed record SessionUpdate
{
    /// <summary>The client's name for the session.</summary>
    public required string SessionId { get; init; }

    /// <summary>The user of the session.</summary>
    public string? UserId { get; init; }

    /// <summary>The number of viewed pages.</summary>
    public int? PageViews { get; init; }

    /// <summary>The number of interactions, as counted by the client.</summary>
    public int? TotalInteractions { get; init; }

    public DateTimeOffset? EndTime { get; init; }

    /// <summary>More details, UTF-8 JSON; empty when not reported.</summary>
    public ReadOnlyMemory<byte> Metadata { get; init; }
}
