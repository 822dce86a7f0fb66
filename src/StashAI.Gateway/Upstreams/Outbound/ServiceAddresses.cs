using System.Collections.Immutable;
using StashAI.Gateway.Settings;

namespace StashAI.Gateway.Upstreams.Outbound;

/// <summary>
/// The base addresses of the configured AI services by name. They may be called for their own jobs, and aliases lead to them; other
/// jobs and items do not reach them. An address may change while
/// the server runs, as when a child service comes back on another port.
/// </summary>
internal sealed class ServiceAddresses
{
    private ImmutableDictionary<string, Uri> _addresses = ImmutableDictionary.Create<string, Uri>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Sets the base address of a service, such as <c>http://127.0.0.1:9997</c>.</summary>
    public void Set(string service, Uri baseAddress) =>
        ImmutableInterlocked.AddOrUpdate(ref _addresses, service, baseAddress, (_, _) => baseAddress);

    /// <summary>Forgets the address of a service that is down.</summary>
    public void Remove(string service) => ImmutableInterlocked.TryRemove(ref _addresses, service, out _);

    /// <summary>The base address of a service, or null.</summary>
    public Uri? Find(string service) => _addresses.GetValueOrDefault(service);

    /// <summary>The addresses as they are now.</summary>
    public IEnumerable<Uri> All => _addresses.Values;

    /// <summary>True when a service is configured at this host and port.</summary>
    public bool Contains(string host, int port)
    {
        foreach (var (_, address) in _addresses)
        {
            if (address.Port == port && HostNames.Of(address) == host)
            {
                return true;
            }
        }

        return false;
    }
}
