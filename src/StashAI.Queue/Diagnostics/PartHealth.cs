namespace StashAI.Queue.Diagnostics;

/// <summary>How one part of a process fares.</summary>
/// <param name="Name">The part, in lower case.</param>
/// <param name="Status">How it fares.</param>
/// <param name="Detail">What is wrong and what to do about it; null when nothing is.</param>
/// <param name="Since">Since when; null when nothing is wrong.</param>
public sealed record PartHealth(string Name, HealthStatus Status, string? Detail = null, DateTimeOffset? Since = null);

/// <summary>How well a part can do its work, from best to worst.</summary>
public enum HealthStatus
{
    /// <summary>It does its work.</summary>
    Healthy,

    /// <summary>It works, and something needs attention.</summary>
    Degraded,

    /// <summary>It cannot do its work.</summary>
    Unhealthy,
}
