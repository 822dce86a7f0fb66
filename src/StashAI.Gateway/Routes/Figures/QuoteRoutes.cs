using System.Buffers;
using System.Text.Json;
using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Access;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Routes.Services;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Services;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Figures;

/// <summary>
/// <c>POST /api/quote</c>: what a job would take, before it is submitted. Time comes from the same measurements as the estimate of a job.
/// </summary>
internal static class QuoteRoutes
{
    private const int MaxSample = 1000;

    private static readonly string[] Fields = ["service", "operation", "count", "items", "priority", "max_parallel"];

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/quote", QuoteAsync).Describe(QuoteDocs.Quote).Needs(ApiScope.Read);

    private static async Task QuoteAsync(
        HttpContext context, BodyReader bodies, ServiceRegistry registry, ServiceCatalog catalog, IMeasure store, IRead reads,
        EtaReader etas)
    {
        if (!await BodyReader.HasBodyAsync(context))
            throw RequestException.Missing("body", "The body must be a JSON object with service and count.");
        using var body = await bodies.ReadAsync(context);
        if (body is null) return;
        var fields = JsonFields.Root(body.Root);
        fields.RefuseUnknown(Fields);
        var service = fields.Text("service")
            ?? throw RequestException.Missing("service", "Name the service, as GET /api/services lists it.");
        var manifest = (registry.Find(service) ?? throw ServiceList.Unknown(service)).Manifest;
        var operation = FindOperation(manifest, fields.Text("operation"));
        var entry = catalog.Find(service);
        var own = entry?.Find(operation.Name);
        var errors = Check(fields.Value("items"), own, out var sampled);
        var count = fields.Integer("count", 1, TaskKey.MaxTasksPerJob) ?? sampled
            ?? throw RequestException.Missing("count", "Send count, the number of items, or a sample of them in items.");
        var job = new QuotedJob(
            service, ServiceUri.For(service, "/").Authority, count, fields.Integer("priority", 0, 9) ?? 0,
            fields.Integer("max_parallel", 1, 100_000) ?? new NewJob
            {
                Service = service,
                JobType = operation.JobType,
                TaskType = operation.TaskType,
                Upstream = ServiceUri.For(service, "/"),
            }.MaxParallel);
        var outlook = await store.ReadOutlookAsync(job, context.RequestAborted);
        var isPaused = (await reads.ReadPausesAsync(context.RequestAborted)).Includes(service);
        var eta = isPaused ? null : await etas.EstimateAsync(service, outlook, null, context.RequestAborted);
        var watts = (entry?.Adapter as DeclaredAdapter)?.Declaration.Watts;
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("service", service);
            json.WriteString("operation", operation.Name);
            json.WriteNumber("count", count);
            json.WriteNumberOrNull("seconds_p50", eta?.Seconds);
            json.WriteNumberOrNull("seconds_p90", eta?.P90Seconds);
            json.WriteTime("ends_at", eta?.At);
            json.WriteString("time_unknown", eta is not null ? null : Why(service, isPaused));
            json.WriteNumber("tasks_ahead", outlook.Ahead);
            json.WriteNumberOrNull("lane_tasks_per_second", outlook.PerSecond);
            JobCost.WritePrice(json, "cost", own?.Cost?.PerItem * count);
            json.WriteString("cost_unknown", WhyNoCost(service, own?.Cost));
            json.WriteNumberOrNull("energy_wh", watts * count / outlook.PerSecond / 3600);
            json.WriteString("energy_unknown", WhyNoEnergy(service, watts, outlook));
            WriteErrors(json, errors);
            json.WriteEndObject();
        });
    }

    private static string Why(string service, bool isPaused) => isPaused
        ? $"{service} is paused"
        : $"no call of {service} was measured yet";

    private static string? WhyNoCost(string service, DeclaredCost? cost)
    {
        if (cost?.PerItem is not null) return null;
        return cost is null ? $"{service} declares no cost" : $"{service} is paid by tokens, which are known when it has answered";
    }

    private static string? WhyNoEnergy(string service, double? watts, JobOutlook outlook)
    {
        if (watts is null) return $"{service} declares no watts";
        return outlook.PerSecond is null ? Why(service, isPaused: false) : null;
    }

    private static AdapterOperation FindOperation(AdapterManifest manifest, string? name)
    {
        var wanted = name ?? manifest.DefaultOperation ?? (manifest.Operations is [var only] ? only.Name : null);
        return manifest.Operations.FirstOrDefault(one => one.Name == wanted)
            ?? throw RequestException.Invalid(
                "operation",
                $"{(wanted is null ? "is needed" : $"'{Excerpt.Of(wanted)}' is not known")}; {manifest.Name} has "
                + $"{string.Join(", ", manifest.Operations.Select(one => one.Name))}.");
    }

    /// <summary>Checks a sample of items as a submit would, as far as the service declares their form.</summary>
    private static List<(int Item, FieldError Error)> Check(JsonElement? items, ServiceOperation? operation, out int? count)
    {
        var found = new List<(int, FieldError)>();
        count = null;
        if (items is not { } list) return found;
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > MaxSample)
            throw RequestException.Invalid("items", $"must be a list of 1 to {MaxSample} items.");
        count = list.GetArrayLength();
        if (operation is null) return found;
        var index = 0;
        foreach (var item in list.EnumerateArray())
        {
            var errors = new List<FieldError>();
            using (var json = new Utf8JsonWriter(new ArrayBufferWriter<byte>(), WireJson.Options))
            {
                FieldCheck.Write(
                    operation.Item, ServerNames.LeaveOut(operation.Item, item), "item", isLenient: false, operation.FileFields, json,
                    errors);
            }

            found.AddRange(errors.Select(error => (index, error)));
            if (found.Count >= FieldCheck.MaxErrors) break;
            index++;
        }

        return found;
    }

    private static void WriteErrors(Utf8JsonWriter json, List<(int Item, FieldError Error)> errors)
    {
        json.WriteStartArray("errors");
        foreach (var (item, error) in errors.Take(FieldCheck.MaxErrors))
        {
            json.WriteStartObject();
            json.WriteNumber("item", item);
            json.WriteString("field", error.Field);
            json.WriteString("reason", error.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
