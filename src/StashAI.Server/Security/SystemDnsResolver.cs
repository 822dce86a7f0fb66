using System.Net;

namespace StashAI.Server.Security;

/// <summary>The resolver of the operating system.</summary>
internal sealed class SystemDnsResolver : IDnsResolver
{
    public async ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) =>
        await Dns.GetHostAddressesAsync(host, cancellationToken);
}
