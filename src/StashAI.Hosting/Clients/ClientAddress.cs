using System.Net;

namespace StashAI.Hosting.Clients;

/// <summary>Where a request comes from, as far as it can be told.</summary>
/// <param name="Address">
/// The client's address behind trusted proxies, or else that of the peer. Null only for a Unix socket whose client nobody names.
/// </param>
/// <param name="IsThisMachine">True when the client itself runs on this machine; a proxy on this machine is not enough.</param>
/// <param name="Peer">The other end of the connection; null for a Unix socket.</param>
public sealed record ClientAddress(IPAddress? Address, bool IsThisMachine, IPAddress? Peer)
{
    /// <summary>For logs: the client, and the peer where it is another.</summary>
    public override string ToString()
    {
        var peer = Peer?.ToString() ?? "a Unix socket";
        if (IsThisMachine) return Address?.ToString() ?? "this machine";
        if (Address is not null && !Address.Equals(Peer)) return $"{Address} (through {peer})";
        return Peer is null || IPAddress.IsLoopback(Peer) ? $"a client behind the proxy at {peer}" : peer;
    }
}
