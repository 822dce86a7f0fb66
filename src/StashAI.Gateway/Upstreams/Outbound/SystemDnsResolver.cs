using System.Net;

namespace StashAI.Gateway.Upstreams.Outbound;

/// <summary>The resolver of the operating system.</summary>
internal sealed class SystemDnsResolver : IDnsResolver
{
    public async ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
        await Dns.GetHostAddressesAsync(host, cancellationToken);
}
