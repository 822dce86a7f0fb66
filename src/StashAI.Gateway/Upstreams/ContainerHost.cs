using System.Net.Sockets;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Hosting.Settings;

namespace StashAI.Gateway.Upstreams;

/// <summary>
/// In a container `localhost` is the container itself; who writes it in a URL means the machine around it (C-25). `IN_DOCKER` says whether this
/// process is in one: `auto` (the default) looks, and leaves the URL alone where that machine has no name; `true` and `false` decide.
/// </summary>
internal sealed class ContainerHost(bool? isInside, bool looksInside)
{
    /// <summary>The name under which container engines show the machine around the container.</summary>
    private const string Name = "host.docker.internal";

    /// <summary>Reads the setting, and looks where it leaves that open.</summary>
    public static ContainerHost Read(SettingsReader reader, IConfiguration configuration) => new(
        reader.Read(GatewaySettings.InDocker),
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
