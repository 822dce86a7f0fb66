namespace StashAI.Client.Models;

/// <summary>How much a service is asked at once.</summary>
public sealed record ServiceLimits
{
    /// <summary>The most calls at once over all processes; null for no limit.</summary>
    public int? MaxRunning { get; init; }

    /// <summary>The most calls a second; null for no limit.</summary>
    public double? RatePerSecond { get; init; }

    /// <summary>How many calls may be made at once after a rest.</summary>
    public double? RateBurst { get; init; }

    /// <summary>After so many seconds a call is given up.</summary>
    public double AttemptTimeoutSeconds { get; init; }

    /// <summary>Labels that a worker must have to call the service.</summary>
    public IReadOnlyList<string> RequiredLabels { get; init; } = [];
}
