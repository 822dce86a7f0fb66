namespace StashAI.Gateway.Upstreams.Outbound;

/// <summary>The purpose of an outgoing connection. Each purpose has its own list of allowed addresses.</summary>
internal enum OutboundPurpose
{
    /// <summary>A call to a configured service.</summary>
    Configured,

    /// <summary>A call to an address that a job names.</summary>
    Named,

    /// <summary>Fetching an address that an item names.</summary>
    Fetch,

    /// <summary>Fetching an address that an item names, from the instance that the task calls.</summary>
    FetchFromInstance,

    /// <summary>A call to the address of a service that its caller may save, by which it would be <see cref="Configured"/>.</summary>
    Trial,
}
