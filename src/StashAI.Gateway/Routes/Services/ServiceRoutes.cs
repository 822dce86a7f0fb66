using StashAI.Gateway.Access;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Lanes;

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
        routes.MapGet("/api/services/{name}/declaration", DeclarationRoute.ShowAsync)
            .Describe(ServiceDocs.Declaration).Needs(ApiScope.Admin);
    }

    private static async Task ListAsync(HttpContext context, ServiceStates states, TimeProvider clock)
    {
        var (pauses, entries) = await states.ReadAsync(context.RequestAborted);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteBoolean("everything_paused", pauses.All);
            json.WriteTime("everything_paused_until", pauses.EndOf(Pauses.Everything));
            json.WriteStartArray("services");
            foreach (var entry in entries) states.Write(json, entry, pauses);
            json.WriteEndArray();
            json.WriteTime("timestamp", clock.GetUtcNow());
            json.WriteEndObject();
        });
    }

    /// <summary>Answers with one service.</summary>
    public static async Task ShowAsync(HttpContext context, ServiceStates states, string name)
    {
        var (pauses, state) = await states.ReadAsync(name, context.RequestAborted);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json => states.Write(json, state, pauses));
    }
}
