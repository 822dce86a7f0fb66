namespace StashAI.Hosting.Addresses;

/// <summary>What an address is to the outbound policy; a larger value is stricter.</summary>
public enum AddressKind
{
    /// <summary>Reachable on the internet.</summary>
    Public,

    /// <summary>Private or loopback: this machine and the networks around it.</summary>
    Local,

    /// <summary>Link-local, cloud metadata, unspecified, multicast, broadcast, reserved: never called.</summary>
    Special,
}
