using StashAI.Gateway.Upstreams.Services;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>The names of operations, as clients write them, and the types of tasks, as jobs keep them.</summary>
internal sealed class Operations(ServiceCatalog catalog)
{
    /// <summary>What clients call the operation of a job; the type of its tasks where its service is gone.</summary>
    public string NameOf(string service, string taskType) =>
        catalog.Current.Callable.Manifests.FirstOrDefault(manifest => manifest.Name == service)?.Operations
            .FirstOrDefault(operation => operation.TaskType == taskType)?.Name ?? taskType;

    /// <summary>The types of tasks of all operations of a name.</summary>
    public IReadOnlyList<string> TypesOf(string name) =>
    [
        .. catalog.Current.Callable.Manifests.SelectMany(manifest => manifest.Operations).Where(operation => operation.Name == name)
            .Select(operation => operation.TaskType).Append(name).Distinct(StringComparer.Ordinal),
    ];
}
