namespace StashAI.Client.Models;

/// <summary>An API key of a server, without its secret.</summary>
public record ApiKey
{
    /// <summary>The beginning of the key, which is not secret.</summary>
    public string Id { get; init; } = "";

    /// <summary>A name for people, which no other key has or had.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it allows.</summary>
    public ApiRole Role { get; init; }

    /// <summary>When it was created.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last used, to a minute or so; null for never.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>When it stops being valid; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A new API key with its secret, which the server shows this once.</summary>
public sealed record CreatedApiKey : ApiKey
{
    /// <summary>The whole key.</summary>
    public string Key { get; init; } = "";
}

/// <summary>An API key to create.</summary>
internal sealed record WireNewKey(string Name, ApiRole Role, DateTimeOffset? ExpiresAt);
