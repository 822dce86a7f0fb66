namespace StashAI.Queue.Model.Access;

/// <summary>An API key as it is kept: the key itself is nowhere.</summary>
/// <param name="Prefix">The beginning of the key, which is no secret: it finds the key, and names it in lists and logs.</param>
/// <param name="Hash">The SHA-256 of the whole key's text, 32 bytes.</param>
/// <param name="Name">For people; unique among the keys that hold.</param>
/// <param name="Scope">What it allows.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="RevokedAt">Since when it is worth nothing; null while it holds.</param>
public sealed record ApiKey(
    string Prefix, ReadOnlyMemory<byte> Hash, string Name, ApiScope Scope, DateTimeOffset CreatedAt, DateTimeOffset? RevokedAt);
