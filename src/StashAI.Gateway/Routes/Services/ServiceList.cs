using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Services;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Services;

/// <summary>The services that this server can call, and those that have stored jobs.</summary>
internal sealed class ServiceList(ServiceRegistry registry, IRead store)
{
    /// <summary>How to add a service, for errors.</summary>
    public const string WayOut = "GET /api/services lists the services; an adapter adds one (docs/wire-api.md, Services)";

    /// <summary>A service with its manifest (null when this process cannot call it), its lanes and its limits.</summary>
    public sealed record Entry(string Name, AdapterManifest? Manifest, IReadOnlyList<LaneView> Lanes, ServiceLimits Limits);

    /// <summary>All services, sorted by name.</summary>
    public async Task<IReadOnlyList<Entry>> ReadAsync(CancellationToken cancellationToken)
    {
        var lanes = (await store.ListLanesAsync(cancellationToken)).ToLookup(lane => lane.Service, StringComparer.Ordinal);
        var limits = (await store.ListLimitsAsync(cancellationToken)).ToDictionary(one => one.Service, StringComparer.Ordinal);
        return
        [
            .. registry.Names.Concat(lanes.Select(lane => lane.Key)).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)
                .Select(name => new Entry(
                    name, registry.FindCallable(name)?.Manifest, [.. lanes[name]],
                    limits.GetValueOrDefault(name) ?? ServiceLimits.None(name))),
        ];
    }

    /// <summary>A service by name; throws a 404 otherwise.</summary>
    public async Task<Entry> GetAsync(string name, CancellationToken cancellationToken) =>
        (await ReadAsync(cancellationToken)).FirstOrDefault(entry => entry.Name == name) ?? throw Unknown(name);

    /// <summary>Throws a 404 for an unknown service.</summary>
    public async Task CheckAsync(string name, CancellationToken cancellationToken)
    {
        if (registry.Find(name) is null) await GetAsync(name, cancellationToken);
    }

    public static RequestException Unknown(string name) => new(Problem.NotFound($"There is no service named {name}: {WayOut}."));
}
