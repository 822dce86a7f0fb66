using System.Net.Sockets;
using StashAI.Gateway.Upstreams.Outbound;

namespace StashAI.Gateway.Upstreams;

/// <summary>
/// In a container `localhost` is the container itself; who writes it in a URL means the machine around it (C-25). `IN_DOCKER` says whether this
/// process is in one: `auto` (the default) looks, and leaves the URL alone where that machine has no name; `true` and `false` decide.
/// </summary>
internal sealed class ContainerHost(bool? isInside, bool looksInside)
{
    public const string Setting = "IN_DOCKER";

    /// <summary>The name under which container engines show the machine around the container.</summary>
    private const string Name = "host.docker.internal";

    /// <exception cref="InvalidOperationException">The setting is none of its values.</exception>
    public static ContainerHost From(IConfiguration configuration) => new(
        configuration[Setting]?.Trim().ToUpperInvariant() switch
        {
            null or "" or "AUTO" => null,
            "TRUE" or "1" => true,
            "FALSE" or "0" => false,
            _ => throw new InvalidOperationException($"{Setting} cannot be '{configuration[Setting]}': it takes auto, true or false."),
        },
        // The first is set by the images of .NET, the second is a file of Docker's.
        "true".Equals(configuration["DOTNET_RUNNING_IN_CONTAINER"], StringComparison.OrdinalIgnoreCase) || File.Exists("/.dockerenv"));

    /// <summary>The URL as it is reached from here. The outbound policy still decides whether it may be called.</summary>
    public async ValueTask<Uri> ReachAsync(Uri uri, IDnsResolver names, CancellationToken cancellationToken)
    {
        if (!uri.IsLoopback || !(isInside ?? (looksInside && await IsNamedAsync(names, cancellationToken)))) return uri;
        return new UriBuilder(uri) { Host = Name }.Uri;
    }

    private static async ValueTask<bool> IsNamedAsync(IDnsResolver names, CancellationToken cancellationToken)
    {
        try
        {
            return (await names.ResolveAsync(Name, cancellationToken)).Length > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
