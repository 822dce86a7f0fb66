using StashAI.Gateway.Settings;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Problems;
using StashAI.Hosting.Problems;
using StashAI.Sdk;

namespace StashAI.Gateway.Upstreams;

/// <summary>
/// Decides which address a job calls. No URL, an alias of the service, or the service's own address select the configured service, whose
/// address is resolved at each call (C-08, C-25). Any other URL must pass the outbound policy (C-20); in a container, <c>localhost</c>
/// means the machine around it.
/// </summary>
internal sealed class UpstreamSelector(
    ServiceCatalog catalog, OutboundPolicy policy, ContainerHost container, IDnsResolver names)
{
    /// <param name="service">The service of the route.</param>
    /// <param name="url">The client's URL, or null.</param>
    /// <param name="defaultPath">The path at the configured service when the client gives no URL.</param>
    /// <param name="pathOf">Maps a URL of the configured service to a path.</param>
    /// <param name="field">The field of the URL, for errors.</param>
    /// <param name="cancellationToken">Cancels the look-up of a name.</param>
    /// <exception cref="OutboundRefusedException">The policy forbids the address.</exception>
    public async Task<Uri> SelectAsync(
        string service, string? url, string defaultPath, InstancePath pathOf, string field, CancellationToken cancellationToken)
    {
        var services = catalog.Current;
        if (string.IsNullOrWhiteSpace(url))
        {
            return services.IsConfigured(service)
                ? ServiceUri.For(service, defaultPath)
                : throw RequestException.Missing(
                    field,
                    $"No {field} provided, and this server has no {service} service of its own: set {service.ToUpperInvariant()}_API_URL.");
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri)) throw RequestException.Invalid(field, $"'{url}' is not an absolute URL.");
        var isAlias = services.IsConfigured(service) && services.IsAlias(service, uri);
        var isOwn = isAlias || IsOwn(services, service, uri);
        if (isOwn && pathOf(isAlias ? uri.AbsolutePath : Behind(services.AddressOf(service)!, uri.AbsolutePath), isAlias) is { } path)
            return ServiceUri.For(service, path + uri.Query);
        if (isAlias) throw RequestException.Invalid(field, Unknown(service, field));
        var reached = await container.ReachAsync(uri, names, cancellationToken);
        try
        {
            await policy.CheckAsync(reached, field, cancellationToken);
        }
        catch (OutboundRefusedException) when (isOwn)
        {
            throw RequestException.Invalid(field, Unknown(service, field));
        }

        return reached;
    }

    /// <summary>
    /// Asks again whether an address that a job called before may be called now: services and the policy may have changed since.
    /// </summary>
    /// <exception cref="OutboundRefusedException">The policy forbids the address.</exception>
    public async Task CheckAgainAsync(string service, Uri upstream, CancellationToken cancellationToken)
    {
        if (upstream.Scheme != ServiceUri.Scheme)
        {
            await policy.CheckAsync(upstream, null, cancellationToken);
        }
        else if (!catalog.Current.IsConfigured(service))
        {
            throw new RequestException(Problem.Conflict(
                $"The job called this server's own {service} service, which has no address any more: set "
                + $"{service.ToUpperInvariant()}_API_URL, or submit the items to another."));
        }
    }

    private static string Unknown(string service, string field) =>
        $"means the configured {service} service, but none of its operations here: "
        + $"a job chooses an operation, not a path. Leave {field} out.";

    private static bool IsOwn(ServiceSnapshot services, string service, Uri uri) =>
        services.IsConfigured(service) && services.AddressOf(service) is { } address && uri.UserInfo.Length == 0
        && uri.Scheme == address.Scheme && uri.Port == address.Port && HostNames.Of(uri) == HostNames.Of(address);

    /// <summary>The path without the prefix of the service's address.</summary>
    private static string Behind(Uri address, string path)
    {
        var root = address.AbsolutePath.TrimEnd('/');
        if (path.StartsWith(root + "/", StringComparison.Ordinal)) return path[root.Length..];
        return path == root ? "/" : path;
    }
}
