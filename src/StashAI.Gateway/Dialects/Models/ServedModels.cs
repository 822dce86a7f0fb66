using StashAI.Adapters.Http.Declarations;
using StashAI.Gateway.Upstreams.Services;

namespace StashAI.Gateway.Dialects.Models;

/// <summary>Finds the service for a route and a model by what the declarations say.</summary>
internal sealed class ServedModels(ServiceCatalog catalog)
{
    /// <summary>The routes of OpenAI's API that some service speaks, in order.</summary>
    public IReadOnlyList<string> OpenAiPaths =>
        [.. Declarations().SelectMany(one => one.Declaration.OpenAi).Select(route => route.Path).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>
    /// The service with a model. One that lists its models comes before one that has all; of several, the first by name.
    /// </summary>
    public SpokenRoute? Find(string path, string model) =>
        All().Where(one => one.Route.Path == path && one.Route.Serves(model)).OrderBy(one => one.Route.Models.Count == 0).FirstOrDefault();

    /// <summary>True if a service speaks a route, whatever the model.</summary>
    public bool Speaks(string service, string path) => All().Any(one => one.Service.Name == service && one.Route.Path == path);

    /// <summary>The models that declarations list by their whole names, and the first service with each.</summary>
    public IEnumerable<(string Model, string Service)> Listed() =>
        All().SelectMany(one => one.Route.Models.Where(model => !model.Contains('*', StringComparison.Ordinal))
            .Select(model => (model, one.Service.Name))).DistinctBy(one => one.model);

    private IEnumerable<SpokenRoute> All() =>
        Declarations().SelectMany(one => one.Declaration.Dialects.Select(route => new SpokenRoute(one.Service, route)));

    private IEnumerable<(ServiceEntry Service, ServiceDeclaration Declaration)> Declarations() =>
        from entry in catalog.Current.Declared.Values
        where entry.Adapter is DeclaredAdapter
        select (entry, ((DeclaredAdapter)entry.Adapter).Declaration);
}

/// <summary>A route that a service speaks.</summary>
/// <param name="Service">The service.</param>
/// <param name="Route">The route.</param>
internal sealed record SpokenRoute(ServiceEntry Service, DialectRoute Route);
