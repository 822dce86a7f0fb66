namespace StashAI.Queue.Model.Interactions;

/// <summary>Something that a person did on a client's page.</summary>
public sealed record NewInteraction
{
    /// <summary>The id; an interaction with an id that is stored already is a repetition.</summary>
    public required Guid Id { get; init; }

    /// <summary>The client's session.</summary>
    public required string SessionId { get; init; }

    /// <summary>What was done, for example <c>click</c>.</summary>
    public required string ActionType { get; init; }

    public string? UserId { get; init; }

    /// <summary>The page on which it was done.</summary>
    public string? PagePath { get; init; }

    /// <summary>The kind of the page's element.</summary>
    public string? ElementType { get; init; }

    /// <summary>The id of the page's element.</summary>
    public string? ElementId { get; init; }

    /// <summary>More details, UTF-8 JSON; may be empty.</summary>
    public ReadOnlyMemory<byte> Metadata { get; init; }
}
