using System.Collections.Immutable;
using StashAI.Gateway.Settings;
using StashAI.Queue.Services;

namespace StashAI.Gateway.Upstreams.Services;

/// <summary>
/// Everything that the server knows about its services at one moment: the callable ones, their addresses and their aliases. It is published
/// as a whole, so that a removed or moved service loses its old address at the same moment.
/// </summary>
internal sealed class ServiceSnapshot
{
    private readonly ImmutableDictionary<string, Uri?> addresses;
    private readonly IReadOnlyList<UpstreamAlias> aliases;

    /// <param name="callable">The adapters.</param>
    /// <param name="declared">The declared services and plug-ins, by name.</param>
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

    /// <summary>The declared services and plug-ins, sorted by name.</summary>
    public ImmutableSortedDictionary<string, ServiceEntry> Declared { get; }

    /// <summary>The base addresses of configured services, such as <c>http://127.0.0.1:9997</c>.</summary>
    public IReadOnlyList<Uri> Addresses { get; }

    /// <summary>Returns a snapshot with another configured service, or another address of one.</summary>
    public ServiceSnapshot With(string service, Uri? address) => new(Callable, Declared, addresses.SetItem(service, address), aliases);

    /// <summary>True for a configured service, even while it does not run.</summary>
    public bool IsConfigured(string service) => addresses.ContainsKey(service);

    /// <summary>The current address of a service, or null.</summary>
    public Uri? AddressOf(string service) => addresses.GetValueOrDefault(service);

    /// <summary>True when a service is configured at this host and port.</summary>
    public bool IsAddress(string host, int port) => Addresses.Any(address => address.Port == port && HostNames.Of(address) == host);

    /// <summary>True when a URL selects a service; otherwise the outbound policy decides about the URL itself.</summary>
    public bool IsAlias(string service, Uri uri) =>
        uri is { IsAbsoluteUri: true, Scheme: "http" or "https" } && aliases.Any(alias => alias.Service == service && alias.Matches(uri));
}
