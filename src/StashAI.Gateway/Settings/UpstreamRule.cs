using System.Globalization;
using System.Net;

namespace StashAI.Gateway.Settings;

/// <summary>
/// One entry of ALLOWED_UPSTREAMS: <c>host</c>, <c>host:port</c>, an address, or a network such as <c>192.168.1.0/24</c>.
/// </summary>
internal sealed class UpstreamRule
{
    private readonly string? host;
    private readonly int? port;
    private readonly IPNetwork? network;

    private UpstreamRule(string? host, int? port, IPNetwork? network)
    {
        this.host = host;
        this.port = port;
        this.network = network;
    }

    /// <summary>Parses an entry; null when it is not valid.</summary>
    public static UpstreamRule? Parse(string text)
    {
        if (text.Contains('/', StringComparison.Ordinal))
        {
            return IPNetwork.TryParse(text, out var network) ? new UpstreamRule(null, null, network) : null;
        }

        // "[::1]:80" also parses as an address, and would lose its port
        var hasPort = text.Contains("]:", StringComparison.Ordinal);
        if (!hasPort && IPAddress.TryParse(text, out var address))
        {
            var plain = AddressRanges.Unmap(address);
            return new UpstreamRule(plain.ToString(), null, new IPNetwork(plain, plain.GetAddressBytes().Length * 8));
        }

        var colon = text.LastIndexOf(':');
        var host = HostNames.Normalise(colon < 0 ? text : text[..colon]);
        var port = 0;
        if (colon >= 0
            && (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535))
        {
            return null;
        }

        return Uri.CheckHostName(host) is UriHostNameType.Unknown ? null : new UpstreamRule(host, colon < 0 ? null : port, null);
    }

    /// <summary>True when the entry names exactly this host and port.</summary>
    public bool NamesPort(string host, int port) => this.port is not null && AllowsHost(host, port);

    /// <summary>True when the entry names this host, as written in the URL, and allows the port.</summary>
    public bool AllowsHost(string host, int port) => this.host == host && (this.port is null || this.port == port);

    /// <summary>True when the entry is a network that contains the address.</summary>
    public bool AllowsAddress(IPAddress address) => network is { } own && own.Contains(AddressRanges.Unmap(address));
}
