namespace StashAI.Queue.Model.Interactions;

/// <summary>Which interactions a page shows.</summary>
/// <param name="SessionId">Only of this session; null for all.</param>
/// <param name="UserId">Only of this user; null for all.</param>
/// <param name="Before">Only those older than the one with this key; null for all.</param>
/// <param name="Limit">At most this many.</param>
/// <param name="Offset">After this many.</param>
public sealed record InteractionFilter(string? SessionId, string? UserId, long? Before, int Limit, int Offset)
{
    /// <summary>Only those newer than the one with this key; for all sessions and users alone.</summary>
    public long After { get; init; }
}
