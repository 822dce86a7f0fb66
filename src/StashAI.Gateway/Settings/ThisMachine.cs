using System.Net;
using System.Net.NetworkInformation;

namespace StashAI.Gateway.Settings;

/// <summary>The addresses of this machine, and the ports that this server listens on.</summary>
internal sealed class ThisMachine
{
    private volatile int[] ports = [];

    /// <summary>Adds the ports of addresses that this server listens on.</summary>
    public void AddPorts(IEnumerable<string> urls) => ports = [.. ports.Concat(urls.Select(PortOf).Where(port => port > 0)).Distinct()];

    /// <summary>True for loopback and for the current addresses of all interfaces.</summary>
    public static bool HasAddress(IPAddress address)
    {
        var plain = AddressRanges.Unmap(address);
        return IPAddress.IsLoopback(plain) || NetworkInterface.GetAllNetworkInterfaces()
            .Any(one => one.GetIPProperties().UnicastAddresses.Any(own => AddressRanges.Unmap(own.Address).Equals(plain)));
    }

    /// <summary>True when a connection to this address would reach this server.</summary>
    public bool IsListener(IPAddress address, int port) => ports.Contains(port) && HasAddress(address);

    private static int PortOf(string url) => Uri.TryCreate(
        url.Replace("*", "localhost", StringComparison.Ordinal).Replace("+", "localhost", StringComparison.Ordinal),
        UriKind.Absolute,
        out var uri)
        ? uri.Port
        : 0;
}
