using System.Collections.Immutable;
using StashAI.Gateway.Upstreams.Outbound;
using StashAI.Queue.Services;

namespace StashAI.Gateway.Upstreams;

/// <summary>The services that the operator configured, and where they answer now.</summary>
internal sealed class ConfiguredServices(ServiceAddresses addresses) : IUpstreamResolver
{
    private ImmutableHashSet<string> names = [];

    /// <summary>Declares a service; its address may come later, and change.</summary>
    public void Declare(string service) => ImmutableInterlocked.Update(ref names, static (all, one) => all.Add(one), service);

    public bool IsConfigured(string service) => names.Contains(service);

    /// <summary>Where a service answers now, or null.</summary>
    public Uri? Find(string service) => addresses.Find(service);

    /// <inheritdoc/>
    public bool IsConfigured(string service, Uri upstream) =>
        upstream.Scheme == ServiceUri.Scheme && string.Equals(upstream.Host, service, StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public Uri? Resolve(Uri upstream)
    {
        if (upstream.Scheme != ServiceUri.Scheme) return upstream;
        return addresses.Find(upstream.Host) is { } address
            ? new Uri(address.GetLeftPart(UriPartial.Path).TrimEnd('/') + upstream.PathAndQuery)
            : null;
    }
}
