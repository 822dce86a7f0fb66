namespace StashAI.Client.Models;

/// <summary>One address of a service. Limits, pauses after errors and the circuit belong to it.</summary>
public sealed record Lane
{
    /// <summary>The host and the port; the service's name for the address that it is configured with.</summary>
    public string Authority { get; init; } = "";

    /// <summary>The address that is called; null while the service is not configured.</summary>
    public string? Address { get; init; }

    /// <summary>Calls that are running.</summary>
    public int Running { get; init; }

    /// <summary>
    /// <c>closed</c> while the address is called, <c>open</c> while it counts as down, <c>half_open</c> or <c>doubted</c> between.
    /// </summary>
    public string Circuit { get; init; } = "";

    /// <summary>When an address that counts as down is asked again.</summary>
    public DateTimeOffset? AskedAgainAt { get; init; }

    /// <summary>Until when the address asked to be left alone.</summary>
    public DateTimeOffset? BlockedUntil { get; init; }

    /// <summary>Why tasks wait for this address; null where they do not.</summary>
    public WaitReason? Waiting { get; init; }
}
