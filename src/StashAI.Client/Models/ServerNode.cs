namespace StashAI.Client.Models;

/// <summary>A process that takes part in the work of a server's queue and is alive.</summary>
public sealed record ServerNode
{
    /// <summary>The number of its registration, higher for later ones.</summary>
    public long Id { get; init; }

    /// <summary>A name for people.</summary>
    public string Name { get; init; } = "";

    /// <summary><c>serve</c> or <c>worker</c>; null for a process of an older version.</summary>
    public string? Role { get; init; }

    /// <summary>The name of its machine.</summary>
    public string Host { get; init; } = "";

    /// <summary>The number of the process on its machine.</summary>
    public int ProcessId { get; init; }

    /// <summary>Its version; null for an older version that does not say.</summary>
    public string? Version { get; init; }

    /// <summary>Its labels, which services may require.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>How many calls it ran at its last sign of life.</summary>
    public int Running { get; init; }

    /// <summary>When it started.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>Until when it counts as alive without another sign of life.</summary>
    public DateTimeOffset LeaseUntil { get; init; }
}
