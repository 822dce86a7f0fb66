using System.Collections.Frozen;
using StashAI.Sdk;

namespace StashAI.Queue.Engine;

/// <summary>The services that this process can call, by name.</summary>
public sealed class ServiceRegistry
{
    private readonly FrozenDictionary<string, IServiceAdapter> adapters;

    /// <summary>Throws when two adapters have one name.</summary>
    public ServiceRegistry(IEnumerable<IServiceAdapter> adapters) =>
        this.adapters = adapters.ToFrozenDictionary(adapter => adapter.Manifest.Name, StringComparer.Ordinal);

    /// <summary>Their names.</summary>
    public IReadOnlyCollection<string> Names => adapters.Keys;

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
