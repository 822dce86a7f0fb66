using System.Net;

namespace StashAI.Hosting.Addresses;

/// <summary>Tells whether an address to listen on is reached from this machine only.</summary>
public static class LoopbackBinding
{
    /// <summary>True for loopback addresses, localhost and Unix sockets. Kestrel binds every other name to all interfaces.</summary>
    public static bool Is(BindingAddress address)
    {
        if (address.IsUnixPipe || address.IsNamedPipe) return true;
        var host = address.Host.Trim('[', ']');
        return string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));
    }
}
