using System.Net.Sockets;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Hosting.Settings;

namespace StashAI.Gateway.Upstreams;

/// <summary>
/// In a container, <c>localhost</c> is the container itself, but in a job's URL it means the machine around it (C-25). <c>IN_DOCKER</c>
/// says whether this process is in a container. <c>auto</c> (the default) detects it, and leaves the URL unchanged if that machine has no
/// name.
/// </summary>
internal sealed class ContainerHost(bool? isInside, bool looksInside)
{
    /// <summary>The name that container engines give to the machine around the container.</summary>
    private const string Name = "host.docker.internal";

    /// <summary>Reads the setting; with <c>auto</c>, detects a container.</summary>
    public static ContainerHost Read(SettingsReader reader, IConfiguration configuration) => new(
        reader.Read(GatewaySettings.InDocker),
        // The variable is set by .NET images; the file is created by Docker.
        "true".Equals(configuration["DOTNET_RUNNING_IN_CONTAINER"], StringComparison.OrdinalIgnoreCase) || File.Exists("/.dockerenv"));

    /// <summary>The URL as reachable from this process. The outbound policy still decides whether it may be called.</summary>
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
