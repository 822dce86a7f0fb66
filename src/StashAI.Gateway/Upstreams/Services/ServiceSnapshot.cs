using System.Collections.Immutable;
using StashAI.Gateway.Settings;
using StashAI.Queue.Services;

namespace StashAI.Gateway.Upstreams.Services;

/// <summary>
/// Everything that the server knows about its services at one moment: which it can call, where they answer, which URLs mean them. It is
/// published whole, so that a service that is removed or moved loses its old address in the moment in which it is gone.
/// </summary>
internal sealed class ServiceSnapshot
{
    private readonly ImmutableDictionary<string, Uri?> addresses;
    private readonly IReadOnlyList<UpstreamAlias> aliases;

    /// <param name="callable">The adapters.</param>
    /// <param name="declared">The services that files declare, by name.</param>
    /// <param name="addresses">The configured services by name; the address is null while a service does not run.</param>
    /// <param name="aliases">URLs that mean a configured service.</param>
    public ServiceSnapshot(
        ServiceSet callable, ImmutableSortedDictionary<string, ServiceEntry> declared, ImmutableDictionary<string, Uri?> addresses,
        IReadOnlyList<UpstreamAlias> aliases)
    {
        (Callable, Declared, this.addresses, this.aliases) = (callable, declared, addresses, aliases);
        Addresses = [.. addresses.Values.OfType<Uri>()];
    }

    /// <summary>No services.</summary>
    public static ServiceSnapshot Empty { get; } = new(
        ServiceSet.Of([]), ImmutableSortedDictionary.Create<string, ServiceEntry>(StringComparer.Ordinal),
        ImmutableDictionary.Create<string, Uri?>(StringComparer.OrdinalIgnoreCase), UpstreamAlias.Defaults);

    public ServiceSet Callable { get; }

    /// <summary>The services that came by files, in the order of their names.</summary>
    public ImmutableSortedDictionary<string, ServiceEntry> Declared { get; }

    /// <summary>Where configured services answer: base addresses such as <c>http://127.0.0.1:9997</c>.</summary>
    public IReadOnlyList<Uri> Addresses { get; }

    /// <summary>The same with one more configured service, or with another address for it.</summary>
    public ServiceSnapshot With(string service, Uri? address) => new(Callable, Declared, addresses.SetItem(service, address), aliases);

    /// <summary>True for a service of the operator's, also while it does not run.</summary>
    public bool IsConfigured(string service) => addresses.ContainsKey(service);

    /// <summary>Where a service answers now, or null.</summary>
    public Uri? AddressOf(string service) => addresses.GetValueOrDefault(service);

    /// <summary>True when a service is configured at this host and port.</summary>
    public bool IsAddress(string host, int port) => Addresses.Any(address => address.Port == port && HostNames.Of(address) == host);

    /// <summary>True when a URL selects a service; otherwise the outbound policy decides about the URL itself.</summary>
    public bool IsAlias(string service, Uri uri) =>
        uri is { IsAbsoluteUri: true, Scheme: "http" or "https" } && aliases.Any(alias => alias.Service == service && alias.Matches(uri));
}
