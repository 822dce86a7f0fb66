using System.Collections.Frozen;
using StashAI.Sdk;

namespace StashAI.Queue.Engine;

/// <summary>The services that this process can call, by name.</summary>
public sealed class ServiceRegistry
{
    private readonly FrozenDictionary<string, IServiceAdapter> adapters;

    /// <summary>Throws when two adapters have one name, or when a manifest declares what cannot be.</summary>
    public ServiceRegistry(IEnumerable<IServiceAdapter> adapters)
    {
        var declared = adapters.Select(adapter => (Adapter: adapter, adapter.Manifest)).ToList();
        foreach (var (_, manifest) in declared) ManifestRules.Check(manifest);
        this.adapters = declared.ToFrozenDictionary(one => one.Manifest.Name, one => one.Adapter, StringComparer.Ordinal);
        Manifests = [.. declared.Select(one => one.Manifest)];
    }

    /// <summary>Their names.</summary>
    public IReadOnlyCollection<string> Names => adapters.Keys;

    /// <summary>What they declare of themselves.</summary>
    public IReadOnlyCollection<AdapterManifest> Manifests { get; }

    /// <summary>The adapter of a service, or null.</summary>
    public IServiceAdapter? Find(string service) => adapters.GetValueOrDefault(service);

    /// <summary>How the results of a task type fold into their job's summary, or null.</summary>
    public IResultFold? FindFold(string service, string taskType)
    {
        foreach (var operation in Find(service)?.Manifest.Operations ?? [])
        {
            if (operation.TaskType == taskType) return operation.Fold;
        }

        return null;
    }
}
