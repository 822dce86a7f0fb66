using StashAI.Gateway.Access;
using StashAI.Gateway.Routes.Health;
using StashAI.Gateway.Submit.Direct;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Figures;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Queue;

/// <summary><c>GET /api/queue/stats</c> and <c>/api/queue/health</c>.</summary>
internal static class StatsRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/queue/stats", StatsAsync)
            .Describe(QueueDocs.Stats).Needs(ApiScope.Read);
        routes.MapGet("/api/queue/health", HealthAsync)
            .Describe(QueueDocs.Health).Needs(ApiScope.Read);
    }

    private static async Task StatsAsync(HttpContext context, QueueEngine engine, IMeasure store, TimeProvider clock)
    {
        var stats = await store.ReadStatsAsync(context.RequestAborted);
        var now = clock.GetUtcNow();
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            StatsJson.WriteFields(json, stats, engine.Reserved, now);
            json.WriteTime("timestamp", now);
            json.WriteEndObject();
        });
    }

    private static async Task HealthAsync(
        HttpContext context, QueueEngine engine, HealthReport health, DirectSettings direct, TimeProvider clock)
    {
        var report = await health.ReadAsync(context.RequestAborted);
        await WireJson.WriteAsync(context, report.CanWork ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, json =>
        {
            json.WriteStartObject();
            HealthRoutes.WriteQueue(json, engine, direct, report.CanWork);
            json.WriteTime("timestamp", clock.GetUtcNow());
            json.WriteEndObject();
        });
    }
}
