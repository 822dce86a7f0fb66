namespace StashAI.Gateway.Upstreams.Outbound;

/// <summary>What an outgoing connection is for: each purpose has its own list of what it may reach.</summary>
internal enum OutboundPurpose
{
    /// <summary>A call to the service whose address the operator configured.</summary>
    Configured,

    /// <summary>A call to an address that a job names.</summary>
    Named,

    /// <summary>Fetching what an item names.</summary>
    Fetch,

    /// <summary>The same, from the very instance that the task calls.</summary>
    FetchFromInstance,
}
