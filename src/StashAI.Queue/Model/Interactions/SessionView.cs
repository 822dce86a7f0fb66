namespace StashAI.Queue.Model.Interactions;

/// <summary>A stored session. Times are UTC.</summary>
public sealed record SessionView
{
    /// <summary>The server's id for the session.</summary>
    public required Guid Id { get; init; }

    /// <summary>The client's name for the session.</summary>
    public required string SessionId { get; init; }

    /// <summary>The user of the session.</summary>
    public required string? UserId { get; init; }

    /// <summary>The number of viewed pages, as counted by the client.</summary>
    public required int PageViews { get; init; }

    /// <summary>The number of interactions: as reported by the client or as recorded, whichever is higher.</summary>
    public required int TotalInteractions { get; init; }

    /// <summary>The number of recorded interactions.</summary>
    public required int Recorded { get; init; }

    /// <summary>More details, UTF-8 JSON; may be empty.</summary>
    public required ReadOnlyMemory<byte> Metadata { get; init; }

    /// <summary>When the server first received it.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, as reported by the client.</summary>
    public required DateTimeOffset? EndTime { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}
