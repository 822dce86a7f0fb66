using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies.Circuits;
using StashAI.Sdk;

namespace StashAI.Queue.Policies;

/// <summary>
/// The state of a lane as read by a claim, which decides whether it may run more tasks. Times are Unix milliseconds of the database's
/// clock.
/// </summary>
public sealed record LaneStatus
{
    /// <summary>No task is claimed before this time, because the service asked to wait.</summary>
    public required long BlockedUntil { get; init; }

    /// <summary>The number of running calls on all nodes.</summary>
    public required int Running { get; init; }

    /// <summary>The most calls that may run at once; null for no limit.</summary>
    public int? MaxRunning { get; init; }

    /// <summary>What the claiming node holds of it, if there is no other node; otherwise empty.</summary>
    public LaneLead Lead { get; init; }

    /// <summary>The limit of its rate; null for none.</summary>
    public RateLimit? Rate { get; init; }

    public TokenBucket Bucket { get; init; }

    public Circuit Circuit { get; init; }

    /// <summary>True when the service has a health path to probe; otherwise single tasks try whether it is back.</summary>
    public bool HasHealthPath { get; init; }

    /// <summary>The labels that a node needs to claim from it.</summary>
    public LabelSet RequiredLabels { get; init; } = LabelSet.Empty;
}
