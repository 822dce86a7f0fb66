using System.Collections.Frozen;
using StashAI.Sdk;

namespace StashAI.Queue.Services;

/// <summary>The services that a process can call at one moment. It is immutable.</summary>
public sealed class ServiceSet
{
    private readonly FrozenDictionary<string, IServiceAdapter> adapters;
    private readonly FrozenSet<string> offered;

    private ServiceSet(
        FrozenDictionary<string, IServiceAdapter> adapters, IReadOnlyCollection<AdapterManifest> manifests,
        FrozenDictionary<string, IReadOnlyDictionary<string, int>> packs)
    {
        this.adapters = adapters;
        Manifests = manifests;
        Names = [.. manifests.Select(manifest => manifest.Name)];
        offered = Names.ToFrozenSet(StringComparer.Ordinal);
        PackSizes = packs;
    }

    public IReadOnlyCollection<string> Names { get; }

    /// <summary>What the services declare about themselves.</summary>
    public IReadOnlyCollection<AdapterManifest> Manifests { get; }

    /// <summary>How many tasks share a call, by service and task type, where it is more than one.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> PackSizes { get; }

    /// <summary>Creates a set.</summary>
    /// <param name="adapters">The adapters of the services.</param>
    /// <param name="before">The set that this one replaces. A removed service gets no new tasks, but its running tasks can end.</param>
    /// <exception cref="ArgumentException">Two adapters have the same name, or a manifest is not valid.</exception>
    public static ServiceSet Of(IEnumerable<IServiceAdapter> adapters, ServiceSet? before = null)
    {
        var declared = adapters.Select(adapter => (Adapter: adapter, adapter.Manifest)).ToList();
        foreach (var (_, manifest) in declared) ManifestRules.Check(manifest);
        var byName = declared.ToDictionary(one => one.Manifest.Name, one => one.Adapter, StringComparer.Ordinal);
        foreach (var (name, adapter) in before?.adapters ?? FrozenDictionary<string, IServiceAdapter>.Empty) byName.TryAdd(name, adapter);
        var packs = declared.Where(one => one.Manifest.Operations.Any(operation => operation.Pack > 1)).ToFrozenDictionary(
            one => one.Manifest.Name,
            one => (IReadOnlyDictionary<string, int>)one.Manifest.Operations.ToFrozenDictionary(
                operation => operation.TaskType, operation => operation.Pack));
        return new ServiceSet(byName.ToFrozenDictionary(StringComparer.Ordinal), [.. declared.Select(one => one.Manifest)], packs);
    }

    /// <summary>The service that jobs can be submitted to; null when there is none now.</summary>
    public IServiceAdapter? Find(string service) => offered.Contains(service) ? adapters[service] : null;

    /// <summary>The same, or a removed service whose running tasks still end.</summary>
    public IServiceAdapter? FindCallable(string service) => adapters.GetValueOrDefault(service);
}
