using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using StashAI.Queue.Engine;
using StashAI.Queue.Model;
using StashAI.Server.Api.Batch;
using StashAI.Server.Api.Direct;
using StashAI.Server.Api.Submit;
using StashAI.Server.Api.Wire;
using StashAI.Server.Intake;
using StashAI.Server.Intake.Records;
using StashAI.Server.Security;
using StashAI.Server.Services;
using StashAI.Server.Upstreams;

namespace StashAI.Server.Api.Declared;

/// <summary>
/// The routes of the services that came by files (A059 to A062). They are one set of patterns: which services there are may change
/// while the server runs.
/// </summary>
internal sealed class DeclaredRoutes(
    ServiceCatalog catalog, HeldUploads uploads, UpstreamSelector upstreams, OutboundPolicy policy, AllowedFolders folders, IntakeLimits limits, BodyGuard guard,
    Submitter submitter, IdempotencyKeys keys, BatchRoutes others, ServiceRegistry registry, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/{service}/task", (HttpContext context, string service, DeclaredRoutes own) => own.SubmitAsync(context, service, null, isSingle: true));
        routes.MapPost("/api/{service}/job", (HttpContext context, string service, DeclaredRoutes own) => own.SubmitAsync(context, service, null, isSingle: false));
        routes.MapPost("/api/{service}/batch", (HttpContext context, string service, DeclaredRoutes own) => own.SubmitAsync(context, service, null, isSingle: false));
        routes.MapPost(
            "/api/{service}/batch/{operation}",
            (HttpContext context, string service, string operation, DeclaredRoutes own) => own.SubmitAsync(context, service, operation, isSingle: false));
        routes.MapGet("/api/services/{service}/schema", (HttpContext context, string service, DeclaredRoutes own) => DeclaredJson.WriteAsync(context, own.Find(service)));
    }

    private async Task SubmitAsync(HttpContext context, string service, string? operationName, bool isSingle)
    {
        if (catalog.Find(service) is null && registry.Names.Contains(service))
        {
            await (isSingle ? others.SingleAsync(context, service) : others.NamedAsync(context, service, operationName));
            return;
        }

        var entry = Find(service);
        var operation = FindOperation(entry, operationName ?? context.Request.Query["operation"]);
        using var once = keys.Begin(context);
        await using var upload = uploads.Open(context.Request);
        var items = new DeclaredUpload(upload, operation.Item, operation.FileFields, folders, policy, limits);
        DeclaredRequest? request = null;
        if (!await guard.ReadAsync(context, async cancellationToken => request = await ReadAsync(context, entry, operation, items, once?.Digest, cancellationToken))) return;
        items.Complete();
        if (items.Count == 0) throw RequestException.Missing("items", $"No items provided: send at least one in items{(isSingle ? ", or one in item" : "")}.");
        if (isSingle && items.Count > 1) throw RequestException.Invalid("items", $"a task has one item, and these are {items.Count}. For more, use POST /api/{service}/job.");
        await submitter.CommitAsync(context, upload, await SubmissionOfAsync(entry, operation, request!, isSingle, context.RequestAborted), once);
    }

    private async Task<Submission> SubmissionOfAsync(
        ServiceEntry entry, ServiceOperation operation, DeclaredRequest request, bool isSingle, CancellationToken cancellationToken)
    {
        var job = new NewJob
        {
            Service = entry.Name,
            JobType = operation.Operation.JobType,
            TaskType = operation.Operation.TaskType,
            Upstream = await SelectAsync(entry, operation, request, cancellationToken),
            Name = request.Name,
            IsSingleTask = isSingle,
            UserId = request.UserId,
            SessionId = request.SessionId,
            Config = request.Config,
        };
        return new Submission(
            request.Settings.Apply(job),
            total => total == 1 ? "The item is queued." : $"{total} items are queued.",
            (json, enqueued) =>
            {
                json.WriteString("adapter_name", entry.Name);
                json.WriteString("operation", operation.Name);
                json.WriteNumberOrNull("estimated_cost", operation.CostPerItem * enqueued.Total);
                json.WriteString("api_url", request.Url);
                json.WriteNull("visage_api_url");
            });
    }

    private async Task<DeclaredRequest> ReadAsync(
        HttpContext context, ServiceEntry entry, ServiceOperation operation, DeclaredUpload items, IncrementalHash? digest, CancellationToken cancellationToken)
    {
        var query = context.Request.Query.Where(one => one.Key is not ("operation" or "dialect")).Select(one => new KeyValuePair<string, string>(one.Key, one.Value.ToString()));
        var body = context.Request.BodyReader;
        digest?.AppendData(Encoding.UTF8.GetBytes(context.Request.QueryString.Value ?? ""));
        _ = MediaTypeHeaderValue.TryParse(context.Request.ContentType, out var type);
        switch (type?.MediaType.Value?.ToLowerInvariant())
        {
            case "application/x-ndjson" or "application/jsonl" or "application/ndjson":
                await RecordIntake.ReadLinesAsync(body, operation.FileFields, items, limits, cancellationToken, digest);
                using (var config = QueryConfig.Read(query)) return DeclaredRequest.Read(entry, config.RootElement, isLenient: true, clock.GetUtcNow());
            case "multipart/form-data":
                items.Digest = digest; // The boundary of a form is another each time.
                using (var config = await new FormIntake(entry, operation, items, limits).ReadAsync(context.Request, cancellationToken))
                    return DeclaredRequest.Read(entry, config.RootElement, isLenient: true, clock.GetUtcNow());
            default:
                using (var envelope = await RecordIntake.ReadJsonAsync(body, operation.FileFields, items, limits, cancellationToken, digest))
                {
                    if (envelope.Root.ValueKind != JsonValueKind.Object)
                        throw RequestException.Missing("body", "The body must be a JSON object with items, or send application/x-ndjson with an item a line.");
                    return DeclaredRequest.Read(entry, envelope.Root, isLenient: false, clock.GetUtcNow());
                }
        }
    }

    /// <summary>The address of the instance; the adapter puts the operation's path behind it.</summary>
    private async Task<Uri> SelectAsync(ServiceEntry entry, ServiceOperation operation, DeclaredRequest request, CancellationToken cancellationToken)
    {
        var selected = await upstreams.SelectAsync(entry.Name, request.Url, "/", request.UrlField, cancellationToken);
        if (request.Url is null) return selected;
        if (selected.Scheme == ServiceUri.Scheme) return ServiceUri.For(selected.Host, "/");
        var address = selected.GetLeftPart(UriPartial.Path);
        return operation.Path.Length > 1 && address.EndsWith(operation.Path, StringComparison.Ordinal) ? new Uri(address[..^operation.Path.Length] + "/") : selected;
    }

    private ServiceEntry Find(string service) => catalog.Find(service) ?? throw RequestException.NotFound(
        $"There is no service '{service}'. {Known()} GET /api/services lists all. To declare one, write {service}.yaml into the folder of {ServiceSettings.DeclarationsSetting}; "
        + "'stashai service import' makes it from a curl command. If it is there, 'stashai service check' says why it is not used, and so does the log.");

    private string Known() => catalog.All.Any() ? $"There are: {string.Join(", ", catalog.All.Select(entry => entry.Name))}." : "None is declared.";

    private static ServiceOperation FindOperation(ServiceEntry entry, string? name)
    {
        if (name is null)
        {
            return entry.Operations is [var only] ? only : throw RequestException.Missing(
                "operation", $"{entry.Name} has several operations: use /api/{entry.Name}/batch/OPERATION or ?operation= with one of {Names(entry)}.");
        }

        return entry.Find(name) ?? throw RequestException.NotFound($"{entry.Name} has no operation '{name}'; it has {Names(entry)}.");
    }

    private static string Names(ServiceEntry entry) => string.Join(", ", entry.Operations.Select(one => one.Name));
}
