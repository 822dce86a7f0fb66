using System.Net;

namespace StashAI.Gateway.Upstreams.Outbound;

/// <summary>Looks names up. Throws <see cref="System.Net.Sockets.SocketException"/> as <see cref="Dns"/> does.</summary>
internal interface IDnsResolver
{
    ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);
}
