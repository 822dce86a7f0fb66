namespace StashAI.Queue.Model.Lanes;

/// <summary>A lane as readers see it.</summary>
public sealed record LaneView
{
    /// <summary>Internal key.</summary>
    public required long Key { get; init; }

    /// <summary>Its service.</summary>
    public required string Service { get; init; }

    /// <summary>The authority of the addresses that its tasks call.</summary>
    public required string Authority { get; init; }

    /// <summary>Its running tasks on all nodes.</summary>
    public required int Running { get; init; }

    /// <summary>Until then nothing is claimed, because the service asked so; in the past otherwise.</summary>
    public required DateTimeOffset BlockedUntil { get; init; }

    /// <summary>Where its circuit stands.</summary>
    public required CircuitState Circuit { get; init; }

    /// <summary>When the service is asked whether it is back; null while it answers, or while one task tries it.</summary>
    public required DateTimeOffset? NextProbeAt { get; init; }
}
