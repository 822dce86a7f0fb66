using StashAI.Queue.Engine;
using StashAI.Server.Api.Wire;

namespace StashAI.Server.Api;

/// <summary>`/health/live` and `/health/ready`, for what starts and stops servers: whether the process answers, and whether it can take work.</summary>
internal static class ProbeRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/health/live", context => WriteAsync(context, StatusCodes.Status200OK, "live"));
        routes.MapGet("/health/ready", async (HttpContext context, QueueEngine engine, TimeProvider clock) =>
        {
            if (await HealthRoutes.IsConnectedAsync(engine.Read, clock, context.RequestAborted)) await WriteAsync(context, StatusCodes.Status200OK, "ready");
            else await WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "not_ready");
        });
    }

    private static Task WriteAsync(HttpContext context, int status, string word) => WireJson.WriteAsync(context, status, json =>
    {
        json.WriteStartObject();
        json.WriteString("status", word);
        json.WriteEndObject();
    });
}
