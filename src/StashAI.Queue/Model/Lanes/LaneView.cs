namespace StashAI.Queue.Model.Lanes;

/// <summary>A lane as read from the store.</summary>
public sealed record LaneView
{
    public required long Key { get; init; }

    public required string Service { get; init; }

    /// <summary>The authority (host and port) of the addresses that its tasks call.</summary>
    public required string Authority { get; init; }

    /// <summary>The number of running tasks on all nodes.</summary>
    public required int Running { get; init; }

    /// <summary>No task is claimed before this time, because the service asked to wait; in the past otherwise.</summary>
    public required DateTimeOffset BlockedUntil { get; init; }

    /// <summary>The state of its circuit.</summary>
    public required CircuitState Circuit { get; init; }

    /// <summary>When the service is probed next; null while it answers, or while one task tries it.</summary>
    public required DateTimeOffset? NextProbeAt { get; init; }
}
