using System.Text;
using System.Text.Json;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Access;
using StashAI.Gateway.Intake;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Routes.Services;
using StashAI.Gateway.Routes.Visage.Compare;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Direct;
using StashAI.Gateway.Submit.Interactions;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Services;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Batch;

/// <summary>
/// Batches for any service: `/api/batch` names the service in `type` (C-16). The routes of declared services hand those in code over, whose name
/// is in the path. Each becomes a real job with a task for each item.
/// </summary>
internal sealed class BatchRoutes(
    HeldUploads uploads, ServiceRegistry services, BatchItems items, ServiceCatalog catalog, DeclaredJobs declared, CompareRoutes comparisons, BodyReader bodies,
    Submitter submitter, IdempotencyKeys keys, IntakeLimits limits, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/batch", (HttpContext context, BatchRoutes batch) => batch.TypedAsync(context))
            .Describe(BatchDocs.Typed).Needs(ApiScope.Submit);
    }

    private async Task TypedAsync(HttpContext context)
    {
        using var once = keys.Begin(context);
        using var body = await bodies.ReadAsync(context, once?.Digest);
        if (body is null) return;
        var root = JsonFields.Root(body.Envelope.RootElement);
        var type = root.Text("type")
            ?? throw RequestException.Missing("type", "type is missing: interactions, sessions, or a service and an operation such as visage.identify.");
        var (service, operation) = Target(type);
        var list = root.Array("items") ?? throw RequestException.Missing("items", "items is missing: it must be a list.");
        // These check their items themselves, whichever way they come.
        if (catalog.Find(service.Manifest.Name) is { } entry && entry.Find(operation.Name) is { } own)
        {
            await declared.SubmitAsync(context, entry, own, Document(body), once, (json, enqueued) => WriteType(json, enqueued, service, operation));
            return;
        }

        if (operation == VisageAdapter.Compare || operation == VisageAdapter.OneToMany)
        {
            await comparisons.SubmitAsync(context, operation, Document(body), once, (json, enqueued) => WriteType(json, enqueued, service, operation));
            return;
        }

        await SubmitAsync(context, body.Envelope.RootElement, service, operation, [.. list.EnumerateArray()], "items", isSingle: false, once);
    }

    /// <summary>A batch for the service of a path.</summary>
    public async Task NamedAsync(HttpContext context, string name, string? operationName)
    {
        var service = FindService(name);
        var operation = FindOperation(service, operationName);
        using var once = keys.Begin(context);
        using var body = await bodies.ReadAsync(context, once?.Digest);
        if (body is null) return;
        var (field, list) = FindItems(body.Envelope.RootElement);
        await SubmitAsync(context, body.Envelope.RootElement, service, operation, [.. list.EnumerateArray()], field, isSingle: false, once);
    }

    /// <summary>A single task for the service of a path.</summary>
    public async Task SingleAsync(HttpContext context, string name)
    {
        var service = FindService(name);
        using var once = keys.Begin(context);
        using var body = await bodies.ReadAsync(context, once?.Digest);
        if (body is null) return;
        JsonFields.Root(body.Envelope.RootElement);
        await SubmitAsync(
            context, body.Envelope.RootElement, service, FindOperation(service, null), [body.Envelope.RootElement], "body", isSingle: true, once);
    }

    private async Task SubmitAsync(
        HttpContext context, JsonElement body, IServiceAdapter service, AdapterOperation operation, JsonElement[] list, string field, bool isSingle, IdempotentRequest? once)
    {
        if (list.Length == 0) throw RequestException.Missing(field, $"{field} is empty: send at least one item.");
        if (list.Length > limits.MaxItems)
        {
            throw new RequestException(Problem.TooLarge(
                $"{field} has {list.Length} items (limit {limits.MaxItems}): send less at once, or raise {IntakeLimits.MaxItemsSetting} on the server.",
                IntakeLimits.MaxItemsSetting));
        }

        var now = clock.GetUtcNow();
        await using var upload = uploads.Open(context.Request);
        var job = await items.WriteAsync(upload, body, service, operation, list, field, isSingle, now, context.RequestAborted);
        var submission = new Submission(
            job,
            total => total == 1 ? "The item is queued." : $"{total} items are queued.",
            (json, enqueued) =>
            {
                if (isSingle) WriteTypeOfTask(json, service, operation, now);
                else WriteType(json, enqueued, service, operation);
            });
        await submitter.CommitAsync(context, upload, submission, once);
    }

    private static ReadOnlyMemory<byte> Document(IntakeResult body) => Encoding.UTF8.GetBytes(body.Envelope.RootElement.GetRawText());

    private void WriteType(Utf8JsonWriter json, EnqueuedJob enqueued, IServiceAdapter service, AdapterOperation operation)
    {
        json.WriteString("task_id", enqueued.JobId);
        WriteTypeOfTask(json, service, operation, clock.GetUtcNow());
    }

    private static void WriteTypeOfTask(Utf8JsonWriter json, IServiceAdapter service, AdapterOperation operation, DateTimeOffset now)
    {
        json.WriteString("type", $"{service.Manifest.Name}.{operation.Name}");
        WireTime.WriteTime(json, "submitted_at", now);
    }

    private (IServiceAdapter Service, AdapterOperation Operation) Target(string type)
    {
        if (type is InteractionsAdapter.Name or SessionsAdapter.Name)
        {
            var own = FindService(type);
            return (own, own.Manifest.Operations[0]);
        }

        var at = type.IndexOf('.', StringComparison.Ordinal);
        if (at > 0 && services.Find(type[..at]) is { } service
            && service.Manifest.Operations.FirstOrDefault(one => one.Name == type[(at + 1)..]) is { } operation) return (service, operation);
        var known = string.Join(", ", services.Manifests.SelectMany(one => one.Operations.Select(operation => $"{one.Name}.{operation.Name}")).Order(StringComparer.Ordinal));
        throw RequestException.Invalid("type", $"'{type}' is none of interactions, sessions, {known}.");
    }

    private IServiceAdapter FindService(string name) => services.Find(name) ?? throw ServiceList.Unknown(name);

    private static AdapterOperation FindOperation(IServiceAdapter service, string? name)
    {
        var operations = service.Manifest.Operations;
        if (name is null && (operations.Count == 1 || service is VisageAdapter)) return operations[0];
        var known = string.Join(", ", operations.Select(operation => $"/api/{service.Manifest.Name}/batch/{operation.Name}"));
        return operations.FirstOrDefault(operation => operation.Name == name)
            ?? throw RequestException.NotFound($"The service {service.Manifest.Name} has no operation {name}: use {known}.");
    }

    /// <summary>`items`, or the one list that the body has: `images`, `texts`, `files`.</summary>
    private static (string Field, JsonElement List) FindItems(JsonElement body)
    {
        var root = JsonFields.Root(body);
        if (root.Array("items") is { } items) return ("items", items);
        var lists = body.EnumerateObject().Where(property => property.Value.ValueKind == JsonValueKind.Array).ToList();
        return lists is [var only]
            ? (only.Name, only.Value)
            : throw RequestException.Missing("items", "items is missing: it must be a list with an item for each task.");
    }
}
