using StashAI.Sdk;
using StashAI.Server.Api;
using StashAI.Server.Security;

namespace StashAI.Server.Upstreams;

/// <summary>
/// Decides which address a job calls. A URL that matches an alias, or none at all, means the configured service, whose address is
/// looked up when a call is made (C-08, C-25); any other URL must pass the outbound policy (C-20), and in a container `localhost` is the
/// machine around it.
/// </summary>
internal sealed class UpstreamSelector(
    UpstreamAliases aliases, OutboundPolicy policy, ConfiguredServices services, ContainerHost container, IDnsResolver names)
{
    /// <param name="service">The service that the route is for.</param>
    /// <param name="url">The client's URL, or null.</param>
    /// <param name="defaultPath">The path at the configured service when the client gives no URL.</param>
    /// <param name="field">The field that held the URL, for errors.</param>
    /// <param name="cancellationToken">Cancels the look-up of a name.</param>
    /// <exception cref="OutboundRefusedException">The policy forbids the address.</exception>
    public async Task<Uri> SelectAsync(string service, string? url, string defaultPath, string field, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(url))
        {
            return services.IsConfigured(service)
                ? ServiceUri.For(service, defaultPath)
                : throw RequestException.Missing(
                    field, $"No {field} provided, and this server has no {service} service of its own: set {service.ToUpperInvariant()}_API_URL.");
        }

        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri)) throw RequestException.Invalid(field, $"'{url}' is not an absolute URL.");
        if (aliases.Find(uri) is { } aliased && services.IsConfigured(aliased)) return ServiceUri.For(aliased, uri.PathAndQuery);
        var reached = await container.ReachAsync(uri, names, cancellationToken);
        await policy.CheckAsync(reached, field, cancellationToken);
        return reached;
    }
}
