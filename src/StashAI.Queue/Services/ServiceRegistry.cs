using StashAI.Sdk;

namespace StashAI.Queue.Services;

/// <summary>The services that this process can call now.</summary>
/// <param name="current">Returns the current set, which may change between calls.</param>
public sealed class ServiceRegistry(Func<ServiceSet> current)
{
    /// <summary>Creates a registry of services that never change.</summary>
    /// <exception cref="ArgumentException">Two adapters have the same name, or a manifest is not valid.</exception>
    public ServiceRegistry(IEnumerable<IServiceAdapter> adapters)
        : this(Always(ServiceSet.Of(adapters)))
    {
    }

    /// <inheritdoc cref="ServiceSet.Names"/>
    public IReadOnlyCollection<string> Names => current().Names;

    /// <inheritdoc cref="ServiceSet.Manifests"/>
    public IReadOnlyCollection<AdapterManifest> Manifests => current().Manifests;

    /// <inheritdoc cref="ServiceSet.PackSizes"/>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, int>> PackSizes => current().PackSizes;

    /// <inheritdoc cref="ServiceSet.Find"/>
    public IServiceAdapter? Find(string service) => current().Find(service);

    /// <inheritdoc cref="ServiceSet.FindCallable"/>
    public IServiceAdapter? FindCallable(string service) => current().FindCallable(service);

    /// <summary>The fold of a task type's results into their job's aggregate, or null.</summary>
    public IResultFold? FindFold(string service, string taskType) => FindOperation(service, taskType)?.Fold;

    /// <summary>What judges a task type's results again, or null.</summary>
    public IResultRematch? FindRematch(string service, string taskType) => FindOperation(service, taskType)?.Rematch;

    /// <summary>What removes a subject from what is stored of a task type, or null.</summary>
    public IResultErasure? FindErasure(string service, string taskType) => FindOperation(service, taskType)?.Erasure;

    /// <summary>The services whose results or inputs may name a subject, and what removes it from them.</summary>
    public IReadOnlyList<(string Service, IResultErasure Erasure)> Erasures =>
    [
        .. Manifests.SelectMany(manifest => manifest.Operations
            .Where(operation => operation.Erasure is not null).Select(operation => (manifest.Name, operation.Erasure!))),
    ];

    /// <summary>What reads who or what a task type's results show, or null.</summary>
    public IResultSubjects? FindSubjects(string service, string taskType) => FindOperation(service, taskType)?.Subjects;

    /// <summary>What groups the unknown parts of a task type's results, or null.</summary>
    public IResultGrouping? FindGrouping(string service, string taskType) => FindOperation(service, taskType)?.Grouping;

    /// <summary>The operation of a task type, or null.</summary>
    public AdapterOperation? FindOperation(string service, string taskType) => FindCallable(service)?.Manifest is { } manifest
        ? Find(manifest.Operations, taskType) ?? Find(manifest.DialectOperations, taskType)
        : null;

    private static AdapterOperation? Find(IReadOnlyList<AdapterOperation> operations, string taskType)
    {
        // Without an enumerator: each task asks several times.
        for (var i = 0; i < operations.Count; i++)
        {
            if (operations[i].TaskType == taskType) return operations[i];
        }

        return null;
    }

    private static Func<ServiceSet> Always(ServiceSet set) => () => set;
}
