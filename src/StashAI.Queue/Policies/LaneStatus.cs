using StashAI.Queue.Policies.Circuits;
using StashAI.Sdk;

namespace StashAI.Queue.Policies;

/// <summary>What decides whether a lane may run more tasks, as a claim reads it. Times are Unix milliseconds of the database's clock.</summary>
public sealed record LaneStatus
{
    /// <summary>Until then nothing is claimed, because the service asked so.</summary>
    public required long BlockedUntil { get; init; }

    /// <summary>Its running calls on all nodes.</summary>
    public required int Running { get; init; }

    /// <summary>The most calls it may run; null for no limit.</summary>
    public int? MaxRunning { get; init; }

    /// <summary>Its rate; null for no limit.</summary>
    public RateLimit? Rate { get; init; }

    /// <summary>Its saved-up calls.</summary>
    public TokenBucket Bucket { get; init; }

    /// <summary>Its circuit.</summary>
    public Circuit Circuit { get; init; }

    /// <summary>True when a health path says whether the service is back; otherwise one task at a time tries it.</summary>
    public bool HasHealthPath { get; init; }

    /// <summary>What a node needs to claim from it.</summary>
    public LabelSet RequiredLabels { get; init; } = LabelSet.Empty;
}
