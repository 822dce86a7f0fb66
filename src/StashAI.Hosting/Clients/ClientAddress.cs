using System.Net;

namespace StashAI.Hosting.Clients;

/// <summary>The client that sent a request, as far as it is known.</summary>
/// <param name="Address">
/// The client's address as trusted proxies report it, otherwise the peer's. Null only for a Unix socket when no proxy reports a client.
/// </param>
/// <param name="IsThisMachine">True when the client itself runs on this machine. A proxy on this machine is not enough.</param>
/// <param name="Peer">The other end of the connection; null for a Unix socket.</param>
public sealed record ClientAddress(IPAddress? Address, bool IsThisMachine, IPAddress? Peer)
{
    /// <summary>True when headers show that the request came through a proxy that is not trusted to report its clients.</summary>
    public bool HasUntrustedProxy { get; init; }

    /// <summary>The text for logs: the client, and the peer if it is a different address.</summary>
    public override string ToString()
    {
        var peer = Peer?.ToString() ?? "a Unix socket";
        if (IsThisMachine) return Address?.ToString() ?? "this machine";
        if (Address is not null && !Address.Equals(Peer)) return $"{Address} (through {peer})";
        return Peer is null || IPAddress.IsLoopback(Peer) ? $"a client behind the proxy at {peer}" : peer;
    }
}
