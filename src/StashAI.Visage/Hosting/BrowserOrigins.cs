using System.Net;
using System.Net.Sockets;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Hosting;

/// <summary>Decides which web pages may read answers: those served from this machine, from an allowed host, or from a private network.</summary>
internal static class BrowserOrigins
{
    public static bool IsAllowed(string origin, VisageOptions options)
    {
        if (!Uri.TryCreate(origin, UriKind.Absolute, out var uri))
            return false;
        return uri.IsLoopback
            || options.AllowedHosts.Contains(uri.Host, StringComparer.OrdinalIgnoreCase)
            || (IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address) && IsPrivate(address));
    }

    private static bool IsPrivate(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily == AddressFamily.InterNetworkV6)
            return address.IsIPv6UniqueLocal;

        var bytes = address.GetAddressBytes();
        return bytes[0] == 10 || (bytes[0] == 172 && bytes[1] is >= 16 and < 32) || (bytes[0] == 192 && bytes[1] == 168);
    }
}
