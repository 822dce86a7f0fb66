using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Access;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Routes.Services;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Services;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Batch;

/// <summary>
/// Batches for any service: `/api/batch` names the service in `type` (C-16). The routes of declared services hand those in code over, whose
/// name is in the path. Each becomes a real job with a task for each item, which is stored while it arrives.
/// </summary>
internal sealed class BatchRoutes(
    ServiceRegistry services, IEnumerable<IJobForms> forms, AdapterJobs adapters, JobIntake intake, BodyReader bodies, IdempotencyKeys keys,
    IntakeLimits limits, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/batch", (HttpContext context, BatchRoutes batch) => batch.TypedAsync(context))
            .Describe(BatchDocs.Typed).Needs(ApiScope.Submit);
    }

    private async Task TypedAsync(HttpContext context)
    {
        using var idempotency = keys.Begin(context);
        BatchType? type = null;
        if (!await bodies.ReadAsync(
            context,
            async cancellationToken =>
            {
                await BodyType.RequireJsonAsync(context.Request, [], cancellationToken);
                type = await BatchType.FindAsync(context, limits, cancellationToken);
            }))
        {
            return;
        }

        await using var found = type!;
        if (found.Value is null)
        {
            // The error of a malformed body comes first: not JSON, or not an object.
            using var body = await bodies.ReadAsync(context);
            if (body is null) return;
            JsonFields.Root(body.Root).Text("type");
            throw RequestException.Missing(
                "type", "type is missing: interactions, sessions, or a service and an operation such as visage.identify.");
        }

        var (service, operation) = Target(found.Value);
        await intake.SubmitAsync(context, Opener(service, operation), idempotency, (json, enqueued) =>
        {
            json.WriteString("task_id", enqueued.JobId);
            WriteType(json, service, operation);
        });
    }

    /// <summary>Finds what handles a submit to the service of a path.</summary>
    /// <exception cref="RequestException">There is no such service or operation.</exception>
    public Func<HttpContext, Task> Find(string name, string? operationName, bool isSingle)
    {
        var service = FindService(name);
        var operation = FindOperation(service, operationName);
        return context => isSingle ? SingleAsync(context, service, operation) : NamedAsync(context, service, operation);
    }

    private async Task NamedAsync(HttpContext context, IServiceAdapter service, AdapterOperation operation)
    {
        using var idempotency = keys.Begin(context);
        await intake.SubmitAsync(context, Opener(service, operation), idempotency, (json, enqueued) =>
        {
            json.WriteString("task_id", enqueued.JobId);
            WriteType(json, service, operation);
        });
    }

    private async Task SingleAsync(HttpContext context, IServiceAdapter service, AdapterOperation operation)
    {
        using var idempotency = keys.Begin(context);
        await intake.SubmitAsync(
            context, adapters.Opener(service, operation, isSingle: true), idempotency, (json, _) => WriteType(json, service, operation));
    }

    private JobFormOpener Opener(IServiceAdapter service, AdapterOperation operation) =>
        forms.Select(own => own.Find(service, operation)).FirstOrDefault(opener => opener is not null)
        ?? adapters.Opener(service, operation, isSingle: false);

    private void WriteType(Utf8JsonWriter json, IServiceAdapter service, AdapterOperation operation)
    {
        json.WriteString("type", $"{service.Manifest.Name}.{operation.Name}");
        WireTime.WriteTime(json, "submitted_at", clock.GetUtcNow());
    }

    private (IServiceAdapter Service, AdapterOperation Operation) Target(string type)
    {
        // Services that this program implements itself need only their name.
        if (services.Find(type) is { Manifest: { IsLocal: true, Operations: [var only] } } own) return (own, only);
        var at = type.IndexOf('.', StringComparison.Ordinal);
        if (at > 0 && services.Find(type[..at]) is { } service
            && service.Manifest.Operations.FirstOrDefault(one => one.Name == type[(at + 1)..]) is { } operation)
        {
            return (service, operation);
        }

        var known = string.Join(", ", services.Manifests.SelectMany(Types).Order(StringComparer.Ordinal));
        throw RequestException.Invalid("type", $"'{Excerpt.Of(type)}' is not known; use one of {known}.");
    }

    private static IEnumerable<string> Types(AdapterManifest manifest) =>
        manifest is { IsLocal: true, Operations.Count: 1 }
            ? [manifest.Name]
            : manifest.Operations.Select(operation => $"{manifest.Name}.{operation.Name}");

    private IServiceAdapter FindService(string name) => services.Find(name) ?? throw ServiceList.Unknown(name);

    private static AdapterOperation FindOperation(IServiceAdapter service, string? name)
    {
        var operations = service.Manifest.Operations;
        if (name is null && operations.Count == 1) return operations[0];
        name ??= service.Manifest.DefaultOperation;
        var known = string.Join(", ", operations.Select(operation => $"/api/{service.Manifest.Name}/batch/{operation.Name}"));
        return operations.FirstOrDefault(operation => operation.Name == name)
            ?? throw RequestException.NotFound($"The service {service.Manifest.Name} has no operation {name}: use {known}.");
    }
}
