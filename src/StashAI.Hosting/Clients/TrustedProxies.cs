using System.Net;
using System.Net.Sockets;

namespace StashAI.Hosting.Clients;

/// <summary>
/// The proxies that are trusted to report their clients. If none is trusted, a request that came through a proxy never counts as local,
/// whatever its peer is.
/// </summary>
public sealed class TrustedProxies
{
    public const string Setting = "TRUSTED_PROXIES";

    /// <summary>The entry that trusts the peer of a Unix socket.</summary>
    private const string UnixSocket = "unix";

    private readonly IPNetwork[] networks;
    private readonly bool trustsUnixSocket;

    private TrustedProxies(IPNetwork[] networks, bool trustsUnixSocket) =>
        (this.networks, this.trustsUnixSocket) = (networks, trustsUnixSocket);

    public static TrustedProxies None { get; } = new([], false);

    /// <summary>Reads addresses and networks, separated by commas; <c>unix</c> means the Unix socket.</summary>
    /// <exception cref="FormatException">An entry is not valid; the message names it.</exception>
    public static TrustedProxies Parse(string? text)
    {
        var networks = new List<IPNetwork>();
        var trustsUnixSocket = false;
        foreach (var entry in (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (entry.Equals(UnixSocket, StringComparison.OrdinalIgnoreCase))
            {
                trustsUnixSocket = true;
            }
            else
            {
                networks.Add(ParseNetwork(entry) ?? throw new FormatException(
                    $"'{entry}' must be an address or a network of proxies, such as 127.0.0.1 or 10.0.0.0/24, or unix."));
            }
        }

        return networks.Count == 0 && !trustsUnixSocket ? None : new TrustedProxies([.. networks], trustsUnixSocket);
    }

    /// <summary>The client that sent a request.</summary>
    public ClientAddress ClientOf(HttpContext context)
    {
        var peer = Unmap(context.Connection.RemoteIpAddress);
        var isLocalPeer = peer is null || IPAddress.IsLoopback(peer);
        if (!ForwardedHeaders.ArePresent(context.Request.Headers)) return new ClientAddress(peer, isLocalPeer, peer);
        if (!IsTrusted(peer)) return new ClientAddress(peer, false, peer) { HasUntrustedProxy = true };
        var clients = ForwardedHeaders.ReadClients(context.Request.Headers);
        var nearest = peer;
        for (var i = clients.Count - 1; i >= 0; i--)
        {
            if (clients[i] is not { } client) return new ClientAddress(nearest, false, peer);
            nearest = client;
            if (!IsTrusted(client)) break;
        }

        return new ClientAddress(
            nearest, clients.Count > 0 && isLocalPeer && !ForwardedHeaders.NameAnotherMachine(context.Request.Headers), peer);
    }

    /// <summary>
    /// How many trusted proxies, one behind the other, a request came through: 0 when the peer is none. Each adds one entry to the lists of
    /// headers such as <c>X-Forwarded-Proto</c>, and what stands before these entries may come from the client.
    /// </summary>
    public int HopsOf(HttpContext context)
    {
        if (!IsTrusted(Unmap(context.Connection.RemoteIpAddress)) || !ForwardedHeaders.ArePresent(context.Request.Headers)) return 0;
        var clients = ForwardedHeaders.ReadClients(context.Request.Headers);
        var hops = 1;
        for (var i = clients.Count - 1; i > 0 && clients[i] is { } client && IsTrusted(client); i--) hops++;
        return hops;
    }

    private bool IsTrusted(IPAddress? address)
    {
        if (address is null) return trustsUnixSocket;
        foreach (var network in networks)
        {
            if (network.Contains(address)) return true;
        }

        return false;
    }

    private static IPNetwork? ParseNetwork(string text)
    {
        if (text.Contains('/', StringComparison.Ordinal)) return IPNetwork.TryParse(text, out var network) ? network : null;
        return ForwardedHeaders.Parse(text) is { } address && !text.Contains('"', StringComparison.Ordinal)
            && IPAddress.TryParse(text, out _)
            ? new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)
            : null;
    }

    private static IPAddress? Unmap(IPAddress? address) => address switch
    {
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => new IPAddress(address.GetAddressBytes()),
        _ => address,
    };
}
