namespace StashAI.Queue.Diagnostics;

/// <summary>The health of one part of this process.</summary>
/// <param name="Name">The part's name, in lower case.</param>
/// <param name="Detail">What is wrong and how to fix it; null when healthy.</param>
/// <param name="Since">When it began; null when healthy.</param>
public sealed record PartHealth(string Name, HealthStatus Status, string? Detail = null, DateTimeOffset? Since = null);

public enum HealthStatus
{
    /// <summary>The part works.</summary>
    Healthy,

    /// <summary>The part works, but something needs attention.</summary>
    Degraded,

    /// <summary>The part does not work.</summary>
    Unhealthy,
}
