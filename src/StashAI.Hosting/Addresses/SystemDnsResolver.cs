using System.Net;

namespace StashAI.Hosting.Addresses;

/// <summary>The resolver of the operating system.</summary>
public sealed class SystemDnsResolver : IDnsResolver
{
    public async ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
        await Dns.GetHostAddressesAsync(host, cancellationToken);
}
