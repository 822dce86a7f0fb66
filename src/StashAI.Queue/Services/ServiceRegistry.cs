using System.Collections.Frozen;
using StashAI.Sdk;

namespace StashAI.Queue.Services;

/// <summary>The services that this process can call, by name. They may be replaced while it works.</summary>
public sealed class ServiceRegistry
{
    private volatile Content content;

    /// <summary>Throws when two adapters have one name, or when a manifest declares what cannot be.</summary>
    public ServiceRegistry(IEnumerable<IServiceAdapter> adapters) => content = Read(adapters, null);

    /// <summary>Their names.</summary>
    public IReadOnlyCollection<string> Names => content.Names;

    /// <summary>What they declare of themselves.</summary>
    public IReadOnlyCollection<AdapterManifest> Manifests => content.Manifests;

    /// <summary>How many tasks share a call, by service and task type, where it is more than one.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> Packs => content.Packs;

    /// <summary>
    /// Takes these services in place of those before. One that is left out gets no more tasks; those that it has can end.
    /// Throws like the constructor, and then nothing has changed.
    /// </summary>
    public void Replace(IEnumerable<IServiceAdapter> adapters) => content = Read(adapters, content);

    /// <summary>The adapter of a service, or null.</summary>
    public IServiceAdapter? Find(string service) => content.Adapters.GetValueOrDefault(service);

    /// <summary>How the results of a task type fold into their job's summary, or null.</summary>
    public IResultFold? FindFold(string service, string taskType)
    {
        foreach (var operation in Find(service)?.Manifest.Operations ?? [])
        {
            if (operation.TaskType == taskType) return operation.Fold;
        }

        return null;
    }

    private static Content Read(IEnumerable<IServiceAdapter> adapters, Content? before)
    {
        var declared = adapters.Select(adapter => (Adapter: adapter, adapter.Manifest)).ToList();
        foreach (var (_, manifest) in declared) ManifestRules.Check(manifest);
        var byName = declared.ToDictionary(one => one.Manifest.Name, one => one.Adapter, StringComparer.Ordinal);
        string[] names = [.. byName.Keys];
        // A task that was claimed before its service was taken out still needs its adapter.
        foreach (var (name, adapter) in before?.Adapters ?? FrozenDictionary<string, IServiceAdapter>.Empty) byName.TryAdd(name, adapter);
        var packs = declared.Where(one => one.Manifest.Operations.Any(operation => operation.Pack > 1)).ToFrozenDictionary(
            one => one.Manifest.Name,
            one => (IReadOnlyDictionary<string, int>)one.Manifest.Operations.ToFrozenDictionary(operation => operation.TaskType, operation => operation.Pack));
        return new Content(byName.ToFrozenDictionary(StringComparer.Ordinal), names, [.. declared.Select(one => one.Manifest)], packs);
    }

    private sealed record Content(
        FrozenDictionary<string, IServiceAdapter> Adapters, IReadOnlyCollection<string> Names, IReadOnlyCollection<AdapterManifest> Manifests,
        FrozenDictionary<string, IReadOnlyDictionary<string, int>> Packs);
}
