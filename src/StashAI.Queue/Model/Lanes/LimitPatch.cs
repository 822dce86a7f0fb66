using StashAI.Sdk;

namespace StashAI.Queue.Model.Lanes;

/// <summary>
/// Changes of a service's limits by a person. Each has two members: whether it is set, and to what; null takes the declared value.
/// </summary>
public sealed record LimitPatch
{
    public bool SetsMaxRunning { get; init; }

    public int? MaxRunning { get; init; }

    public bool SetsRate { get; init; }

    public double? RatePerSecond { get; init; }

    public bool SetsBurst { get; init; }

    public double? RateBurst { get; init; }

    public bool SetsHours { get; init; }

    public AllowedHours? Hours { get; init; }

    public bool IsEmpty => !(SetsMaxRunning || SetsRate || SetsBurst || SetsHours);
}
