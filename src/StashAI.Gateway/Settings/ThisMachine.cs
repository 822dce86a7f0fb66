using System.Net;
using System.Net.NetworkInformation;

namespace StashAI.Gateway.Settings;

/// <summary>The addresses of this machine, and the ports at which this server listens.</summary>
internal sealed class ThisMachine
{
    private volatile int[] ports = [];

    /// <summary>Adds the ports of the addresses that this server listens at.</summary>
    public void Listens(IEnumerable<string> urls) => ports = [.. ports.Concat(urls.Select(PortOf).Where(port => port > 0)).Distinct()];

    /// <summary>True for loopback and for every address that an interface has now.</summary>
    public static bool Has(IPAddress address)
    {
        var plain = AddressRanges.Unmap(address);
        return IPAddress.IsLoopback(plain) || NetworkInterface.GetAllNetworkInterfaces()
            .Any(one => one.GetIPProperties().UnicastAddresses.Any(own => AddressRanges.Unmap(own.Address).Equals(plain)));
    }

    /// <summary>True when a connection would come back to this server.</summary>
    public bool IsListener(IPAddress address, int port) => ports.Contains(port) && Has(address);

    private static int PortOf(string url) => Uri.TryCreate(url.Replace("*", "localhost", StringComparison.Ordinal).Replace("+", "localhost", StringComparison.Ordinal), UriKind.Absolute, out var uri) ? uri.Port : 0;
}
