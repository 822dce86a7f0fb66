namespace StashAI.Queue.Model.Interactions;

/// <summary>What a client says of its session; what is null it does not say.</summary>
public sealed record SessionUpdate
{
    /// <summary>The client's name for it.</summary>
    public required string SessionId { get; init; }

    /// <summary>Whose it is.</summary>
    public string? UserId { get; init; }

    /// <summary>Pages that were looked at.</summary>
    public int? PageViews { get; init; }

    /// <summary>Interactions as the client counts them.</summary>
    public int? TotalInteractions { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndTime { get; init; }

    /// <summary>More about it, UTF-8 JSON; empty for nothing said.</summary>
    public ReadOnlyMemory<byte> Metadata { get; init; }
}
