namespace StashAI.Client.Models;

/// <summary>Who calls a server, and what the server can do.</summary>
public sealed record Caller
{
    /// <summary>The name of the API key; <c>local</c> or <c>anonymous</c> without one.</summary>
    public string Name { get; init; } = "";

    /// <summary>What the caller may do.</summary>
    public ApiRole Role { get; init; }

    /// <summary>How the caller was let in: <c>key</c>, <c>login</c> (the cookie of a browser) or <c>open</c> (neither).</summary>
    public string Access { get; init; } = "";

    /// <summary>When the API key stops being valid; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The version of the server.</summary>
    public string Version { get; init; } = "";

    /// <summary>What the server can do, as words such as <c>bulk</c>.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];
}
