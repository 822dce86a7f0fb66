using System.Reflection;
using StashAI.Queue.Engine;
using StashAI.Queue.Store;
using StashAI.Server.Api.Wire;

namespace StashAI.Server.Api;

/// <summary>`/` and `/health` (C-19). They ask the database for one row, with a short limit: clients wait 2 s at most.</summary>
internal static class HealthRoutes
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static string Version { get; } =
        typeof(HealthRoutes).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", RootAsync);
        routes.MapGet("/health", HealthAsync);
    }

    private static async Task RootAsync(HttpContext context, QueueEngine engine, TimeProvider clock)
    {
        var isConnected = await IsConnectedAsync(engine.Read, clock, context.RequestAborted);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("message", "StashAI Server is running");
            json.WriteString("status", Status(isConnected, engine.IsHealthy));
            json.WriteString("version", Version);
            json.WriteStartArray("routes");
            foreach (var route in (ReadOnlySpan<string>)[
                "POST /api/visage/job", "POST /api/visage/task", "POST /api/visage/batch/identify", "GET /api/queue/status/{id}",
                "GET /api/queue/jobs", "GET /api/queue/job/{id}", "GET /api/queue/task/{id}", "POST /api/queue/cancel/{id}",
                "GET /health", "WS /ws/{session_id}"])
            {
                json.WriteStringValue(route);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static async Task HealthAsync(HttpContext context, QueueEngine engine, TimeProvider clock)
    {
        var isConnected = await IsConnectedAsync(engine.Read, clock, context.RequestAborted);
        await WireJson.WriteAsync(context, isConnected ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, json =>
        {
            json.WriteStartObject();
            json.WriteString("status", Status(isConnected, engine.IsHealthy));
            json.WriteTime("timestamp", clock.GetUtcNow());
            json.WriteString("database", isConnected ? "connected" : "disconnected");
            if (engine.DatabaseWarning is { } warning) json.WriteString("database_warning", warning);
            json.WriteString("version", Version);
            json.WriteStartObject("queue");
            json.WriteBoolean("queue_healthy", isConnected && engine.IsHealthy);
            json.WriteBoolean("manager_healthy", engine.IsHealthy);
            json.WriteBoolean("queue_enabled", true);
            json.WriteBoolean("direct_mode", false);
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    private static string Status(bool isConnected, bool isWorking) => (isConnected, isWorking) switch
    {
        (false, _) => "unhealthy",
        (_, false) => "degraded",
        _ => "healthy",
    };

    private static async Task<bool> IsConnectedAsync(IRead store, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await store.PingAsync(either.Token);
            return true;
        }
        catch (Exception error) when (error is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
