using System.Text.Json;
using StashAI.Gateway.Access;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Services;

/// <summary><c>GET /api/services</c>: each service's operations and limits, and the state of its lanes.</summary>
internal static class ServiceRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/services", ListAsync)
            .Describe(ServiceDocs.List).Needs(ApiScope.Read);
        routes.MapGet("/api/services/{name}", ShowAsync)
            .Describe(ServiceDocs.Show).Needs(ApiScope.Read);
    }

    private static async Task ListAsync(
        HttpContext context, ServiceList services, ServiceCatalog catalog, IRead store, WaitReader waits, TimeProvider clock)
    {
        var entries = await services.ReadAsync(context.RequestAborted);
        var pauses = await store.ReadPausesAsync(context.RequestAborted);
        var reasons = await ReasonsAsync(waits, entries.SelectMany(entry => entry.Lanes), context.RequestAborted);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("everything_paused", pauses.All);
            json.WriteStartArray("services");
            foreach (var entry in entries) Write(json, entry, catalog.Current, pauses, reasons, clock.GetUtcNow());
            json.WriteEndArray();
            json.WriteTime("timestamp", clock.GetUtcNow());
            json.WriteEndObject();
        });
    }

    private static async Task ShowAsync(
        HttpContext context, ServiceList services, ServiceCatalog catalog, IRead store, WaitReader waits, TimeProvider clock, string name)
    {
        var entry = await services.GetAsync(name, context.RequestAborted);
        var pauses = await store.ReadPausesAsync(context.RequestAborted);
        var reasons = await ReasonsAsync(waits, entry.Lanes, context.RequestAborted);
        await WireJson.WriteAsync(
            context, StatusCodes.Status200OK, json => Write(json, entry, catalog.Current, pauses, reasons, clock.GetUtcNow()));
    }

    private static async Task<Dictionary<long, WaitReason?>> ReasonsAsync(
        WaitReader waits, IEnumerable<LaneView> lanes, CancellationToken cancellationToken)
    {
        var reasons = new Dictionary<long, WaitReason?>();
        foreach (var lane in lanes) reasons[lane.Key] = await waits.ReadAsync(lane, cancellationToken);
        return reasons;
    }

    private static void Write(
        Utf8JsonWriter json, ServiceList.Entry entry, ServiceSnapshot services, Pauses pauses, Dictionary<long, WaitReason?> reasons,
        DateTimeOffset now)
    {
        json.WriteStartObject();
        json.WriteString("name", entry.Name);
        json.WriteBoolean("configured", services.IsConfigured(entry.Name));
        json.WriteBoolean("paused", pauses.Includes(entry.Name));
        json.WriteNumber("running", entry.Lanes.Sum(lane => lane.Running));
        if (entry.Manifest is { } manifest) WriteManifest(json, manifest);
        json.WriteStartArray("lanes");
        foreach (var lane in entry.Lanes)
        {
            json.WriteStartObject();
            json.WriteString("authority", lane.Authority);
            json.WriteNumber("running", lane.Running);
            json.WriteString("circuit", Word(lane.Circuit));
            json.WriteTime("asked_again_at", lane.NextProbeAt);
            json.WriteTime("blocked_until", lane.BlockedUntil > now ? lane.BlockedUntil : null);
            WaitJson.Write(json, reasons[lane.Key]);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteManifest(Utf8JsonWriter json, AdapterManifest manifest)
    {
        json.WriteStartArray("operations");
        foreach (var operation in manifest.Operations)
        {
            json.WriteStartObject();
            json.WriteString("name", operation.Name);
            json.WriteString("task_type", operation.TaskType);
            json.WriteString("job_type", operation.JobType);
            json.WriteBoolean("aggregates", operation.Fold is not null);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartObject("limits");
        json.WriteNumberOrNull("max_running", manifest.MaxRunning);
        json.WriteNumberOrNull("rate_per_second", manifest.Rate?.PerSecond);
        json.WriteNumberOrNull("rate_burst", manifest.Rate?.Burst);
        json.WriteNumber("attempt_timeout_seconds", manifest.AttemptTimeout.TotalSeconds);
        json.WriteStartArray("required_labels");
        foreach (var label in manifest.RequiredLabels) json.WriteStringValue(label);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartObject("circuit_settings");
        json.WriteNumber("failures", manifest.Circuit.Failures);
        json.WriteNumber("first_pause_seconds", manifest.Circuit.FirstPause.TotalSeconds);
        json.WriteNumber("longest_pause_seconds", manifest.Circuit.LongestPause.TotalSeconds);
        json.WriteString("health_path", manifest.HealthPath);
        json.WriteEndObject();
    }

    private static string Word(CircuitState state) => JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());
}
