namespace StashAI.Client.Models;

/// <summary>How a server is.</summary>
public sealed record ServerHealth
{
    /// <summary><c>healthy</c>, <c>degraded</c> (works, but a part does not) or <c>unhealthy</c> (takes no work).</summary>
    public string Status { get; init; } = "";

    /// <summary>The version of the server.</summary>
    public string Version { get; init; } = "";

    /// <summary>The time of the server.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary><c>connected</c> or <c>disconnected</c>.</summary>
    public string Database { get; init; } = "";

    /// <summary>What is wrong with the database, though it works; null for nothing.</summary>
    public string? DatabaseWarning { get; init; }

    /// <summary>The parts of the server.</summary>
    public IReadOnlyList<HealthCheck> Checks { get; init; } = [];
}

/// <summary>How a part of a server is.</summary>
public sealed record HealthCheck
{
    /// <summary>The name of the part.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>Since when it is so.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>What is wrong and what to do; null for nothing.</summary>
    public string? Detail { get; init; }
}
