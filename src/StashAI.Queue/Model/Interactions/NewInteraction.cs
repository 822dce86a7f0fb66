namespace StashAI.Queue.Model.Interactions;

/// <summary>Something that somebody did in a client's page.</summary>
public sealed record NewInteraction
{
    /// <summary>Its id; the same id again is the same interaction.</summary>
    public required Guid Id { get; init; }

    /// <summary>The client's session.</summary>
    public required string SessionId { get; init; }

    /// <summary>What was done, for example `click`.</summary>
    public required string ActionType { get; init; }

    /// <summary>Who did it.</summary>
    public string? UserId { get; init; }

    /// <summary>On which page.</summary>
    public string? PagePath { get; init; }

    /// <summary>With what kind of element.</summary>
    public string? ElementType { get; init; }

    /// <summary>With which element.</summary>
    public string? ElementId { get; init; }

    /// <summary>More about it, UTF-8 JSON; empty for nothing.</summary>
    public ReadOnlyMemory<byte> Metadata { get; init; }
}
