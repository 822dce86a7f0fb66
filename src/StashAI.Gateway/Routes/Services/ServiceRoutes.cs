using StashAI.Gateway.Access;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Store;

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
            foreach (var entry in entries) ServiceJson.Write(json, entry, catalog.Current, pauses, reasons, clock.GetUtcNow());
            json.WriteEndArray();
            json.WriteTime("timestamp", clock.GetUtcNow());
            json.WriteEndObject();
        });
    }

    /// <summary>Answers with one service.</summary>
    public static async Task ShowAsync(
        HttpContext context, ServiceList services, ServiceCatalog catalog, IRead store, WaitReader waits, TimeProvider clock, string name)
    {
        var entry = await services.GetAsync(name, context.RequestAborted);
        var pauses = await store.ReadPausesAsync(context.RequestAborted);
        var reasons = await ReasonsAsync(waits, entry.Lanes, context.RequestAborted);
        await WireJson.WriteAsync(
            context, StatusCodes.Status200OK, json => ServiceJson.Write(json, entry, catalog.Current, pauses, reasons, clock.GetUtcNow()));
    }

    private static async Task<Dictionary<long, WaitReason?>> ReasonsAsync(
        WaitReader waits, IEnumerable<LaneView> lanes, CancellationToken cancellationToken)
    {
        var reasons = new Dictionary<long, WaitReason?>();
        foreach (var lane in lanes) reasons[lane.Key] = await waits.ReadAsync(lane, cancellationToken);
        return reasons;
    }
}
