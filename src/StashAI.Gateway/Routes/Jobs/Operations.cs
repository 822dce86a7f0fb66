using StashAI.Gateway.Upstreams.Services;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>The names of operations, as clients write them, and the types of tasks, as jobs keep them.</summary>
internal sealed class Operations(ServiceCatalog catalog)
{
    private const string ChatView = "chat";

    /// <summary>The beginnings of the names of operations for the routes of other APIs that ask a language model.</summary>
    private static readonly string[] ModelRoutes =
        ["openai-chat-completions", "openai-completions", "openai-responses", "anthropic-messages"];

    /// <summary>What clients call the operation of a job; the type of its tasks where its service is gone.</summary>
    public string NameOf(string service, string taskType) =>
        catalog.Current.Callable.Manifests.FirstOrDefault(manifest => manifest.Name == service)?.Operations
            .FirstOrDefault(operation => operation.TaskType == taskType)?.Name ?? taskType;

    /// <summary>True where the items of a type of tasks say what a language model is asked; false where their service is gone.</summary>
    public bool AskModel(string service, string taskType)
    {
        var manifest = catalog.Current.Callable.Manifests.FirstOrDefault(one => one.Name == service);
        if (manifest?.Operations.FirstOrDefault(one => one.TaskType == taskType) is { } declared)
            return (declared.View ?? manifest.View)?.Kind == ChatView;
        return manifest?.DialectOperations.FirstOrDefault(one => one.TaskType == taskType) is { } route
            && Array.Exists(ModelRoutes, name => route.Name.StartsWith(name, StringComparison.Ordinal));
    }

    /// <summary>The types of tasks of all operations of a name.</summary>
    public IReadOnlyList<string> TypesOf(string name) =>
    [
        .. catalog.Current.Callable.Manifests.SelectMany(manifest => manifest.Operations).Where(operation => operation.Name == name)
            .Select(operation => operation.TaskType).Append(name).Distinct(StringComparer.Ordinal),
    ];
}
