namespace StashAI.Queue.Model.Interactions;

/// <summary>Which page of interactions to list.</summary>
/// <param name="SessionId">Only of this session; null for all.</param>
/// <param name="UserId">Only of this user; null for all.</param>
/// <param name="Before">Only those older than the one with this key; null for all.</param>
/// <param name="Limit">The most interactions to return.</param>
/// <param name="Offset">How many interactions to skip.</param>
public sealed record InteractionFilter(string? SessionId, string? UserId, long? Before, int Limit, int Offset)
{
    /// <summary>Only those newer than the one with this key. Valid only without a session and a user.</summary>
    public long After { get; init; }
}
