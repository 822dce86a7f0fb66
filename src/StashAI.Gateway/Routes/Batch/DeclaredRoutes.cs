using StashAI.Gateway.Access;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Routes.Batch;

/// <summary>
/// The routes of declared services (A059 to A062). They are the same patterns for all services, which may change while the server runs.
/// </summary>
internal sealed class DeclaredRoutes(
    ServiceCatalog catalog, DeclaredJobs jobs, JobIntake intake, BatchRoutes others, IEnumerable<IBuiltInSchemas> schemas)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(
            "/api/{service}/task",
            (HttpContext context, string service, DeclaredRoutes own) => own.SubmitAsync(context, service, null, isSingle: true))
            .Describe(BatchDocs.Task).Needs(ApiScope.Submit);
        routes.MapPost(
            "/api/{service}/job",
            (HttpContext context, string service, DeclaredRoutes own) => own.SubmitAsync(context, service, null, isSingle: false))
            .Describe(BatchDocs.Job).Needs(ApiScope.Submit);
        routes.MapPost(
            "/api/{service}/batch",
            (HttpContext context, string service, DeclaredRoutes own) => own.SubmitAsync(context, service, null, isSingle: false))
            .Describe(BatchDocs.Batch).Needs(ApiScope.Submit);
        routes.MapPost(
            "/api/{service}/batch/{operation}",
            (HttpContext context, string service, string operation, DeclaredRoutes own) => own.SubmitAsync(
                context, service, operation, isSingle: false))
            .Describe(BatchDocs.Operation).Needs(ApiScope.Submit);
        routes.MapGet(
            "/api/services/{service}/schema",
            (HttpContext context, string service, DeclaredRoutes own) => DeclaredJson.WriteAsync(
                context, own.FindBuiltIn(service) ?? own.Find(service)))
            .Describe(BatchDocs.Schema).Needs(ApiScope.Read);
    }

    /// <summary>Finds what handles a submit to a service, whether it is declared or in code.</summary>
    /// <exception cref="RequestException">There is no such service or operation.</exception>
    public Func<HttpContext, Task> Find(string service, string? operationName, bool isSingle)
    {
        if (catalog.IsBuiltIn(service)) return others.Find(service, operationName, isSingle);
        var entry = Find(service);
        var operation = FindOperation(entry, operationName);
        return context => intake.SubmitAsync(context, jobs.Opener(entry, operation, isSingle));
    }

    private ServiceEntry? FindBuiltIn(string service) =>
        schemas.Select(one => one.Find(service)).FirstOrDefault(entry => entry is not null);

    /// <summary>Handles a submit to the service of a path.</summary>
    public Task SubmitAsync(HttpContext context, string service, string? operationName, bool isSingle) =>
        Find(service, operationName ?? context.Request.Query.Text(BatchDocs.OperationName), isSingle)(context);

    private ServiceEntry Find(string service) => catalog.Find(service) ?? throw RequestException.NotFound(
        $"There is no service '{service}'. {Known()} GET /api/services lists all. To declare one, write {service}.yaml into the folder of "
        + $"{ServiceSettings.DeclarationsSetting}; 'stashai service import' makes it from a curl command. If it is there, 'stashai service "
        + "check' says why it is not used, and so does the log.");

    private string Known() =>
        catalog.Current.Declared.Keys.ToList() is { Count: > 0 } names ? $"There are: {string.Join(", ", names)}." : "None is declared.";

    private static ServiceOperation FindOperation(ServiceEntry entry, string? name)
    {
        if (name is null)
        {
            if (entry.Operations is [var only]) return only;
            return entry.Default ?? throw RequestException.Missing(
                "operation",
                $"{entry.Name} has several operations: use /api/{entry.Name}/batch/OPERATION or ?operation= with one of {Names(entry)}.");
        }

        return entry.Find(name) ?? throw RequestException.NotFound($"{entry.Name} has no operation '{name}'; it has {Names(entry)}.");
    }

    private static string Names(ServiceEntry entry) => string.Join(", ", entry.Operations.Select(one => one.Name));
}
