namespace StashAI.Queue.Model.Interactions;

/// <summary>A session as it is kept. Times are UTC.</summary>
public sealed record SessionView
{
    /// <summary>Its own id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The client's name for it.</summary>
    public required string SessionId { get; init; }

    /// <summary>Whose it is.</summary>
    public required string? UserId { get; init; }

    /// <summary>Pages that were looked at, as the client counts.</summary>
    public required int PageViews { get; init; }

    /// <summary>Interactions: what the client says, or what was recorded, whichever is more.</summary>
    public required int TotalInteractions { get; init; }

    /// <summary>Interactions that are kept here.</summary>
    public required int Recorded { get; init; }

    /// <summary>More about it, UTF-8 JSON; may be empty.</summary>
    public required ReadOnlyMemory<byte> Metadata { get; init; }

    /// <summary>When it was first heard of.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, as the client says.</summary>
    public required DateTimeOffset? EndTime { get; init; }

    /// <summary>When it last changed.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}
