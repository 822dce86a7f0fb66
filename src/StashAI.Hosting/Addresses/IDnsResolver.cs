using System.Net;

namespace StashAI.Hosting.Addresses;

/// <summary>Looks names up. Throws <see cref="System.Net.Sockets.SocketException"/> as <see cref="Dns"/> does.</summary>
public interface IDnsResolver
{
    ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);
}
