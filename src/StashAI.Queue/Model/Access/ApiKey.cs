namespace StashAI.Queue.Model.Access;

/// <summary>An API key as stored. The key itself is not stored anywhere.</summary>
/// <param name="Prefix">The beginning of the key, which is not secret. It identifies the key in lists and logs.</param>
/// <param name="Hash">The SHA-256 of the whole key's text, 32 bytes.</param>
/// <param name="Name">A name for people; no other key has or had it.</param>
/// <param name="CreatedAt">When it was created, UTC.</param>
/// <param name="RevokedAt">When it was revoked, UTC; null while it is valid.</param>
public sealed record ApiKey(
    string Prefix, ReadOnlyMemory<byte> Hash, string Name, ApiScope Scope, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt)
{
    /// <summary>When it was last used, to a minute or so, UTC; null for never.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>When it stops being valid, UTC; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}
