using System.Reflection;
using System.Text.Json;
using StashAI.Queue.Engine;
using StashAI.Queue.Store;
using StashAI.Server.Api.Direct;
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

    private static async Task RootAsync(HttpContext context, QueueEngine engine, EndpointDataSource endpoints, IEnumerable<IHealthCheck> parts, TimeProvider clock)
    {
        var isConnected = await IsConnectedAsync(engine.Read, clock, context.RequestAborted);
        var isWorking = engine.IsHealthy && parts.All(part => part.Look().Status != HealthCheck.Down);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("message", "StashAI Server is running");
            json.WriteString("status", Status(isConnected, isWorking));
            json.WriteString("version", Version);
            json.WriteStartArray("routes");
            foreach (var route in RoutesOf(endpoints)) json.WriteStringValue(route);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static async Task HealthAsync(HttpContext context, QueueEngine engine, DirectSettings direct, IEnumerable<IHealthCheck> parts, TimeProvider clock)
    {
        var isConnected = await IsConnectedAsync(engine.Read, clock, context.RequestAborted);
        HealthCheck[] checks = [.. parts.Select(part => part.Look())];
        var isWorking = engine.IsHealthy && !Array.Exists(checks, check => check.Status == HealthCheck.Down);
        await WireJson.WriteAsync(context, isConnected ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, json =>
        {
            json.WriteStartObject();
            json.WriteString("status", Status(isConnected, isWorking));
            json.WriteTime("timestamp", clock.GetUtcNow());
            json.WriteString("database", isConnected ? "connected" : "disconnected");
            if (engine.DatabaseWarning is { } warning) json.WriteString("database_warning", warning);
            json.WriteString("version", Version);
            json.WriteStartObject("queue");
            WriteQueue(json, engine, direct, isConnected);
            json.WriteEndObject();
            WriteChecks(json, checks);
            json.WriteEndObject();
        });
    }

    /// <summary>How the queue is; within an object.</summary>
    public static void WriteQueue(Utf8JsonWriter json, QueueEngine engine, DirectSettings direct, bool isConnected)
    {
        json.WriteBoolean("queue_healthy", isConnected && engine.IsHealthy);
        json.WriteBoolean("manager_healthy", engine.IsHealthy);
        json.WriteBoolean("queue_enabled", !direct.IsOn);
        json.WriteBoolean("direct_mode", direct.IsOn);
    }

    private static void WriteChecks(Utf8JsonWriter json, HealthCheck[] checks)
    {
        json.WriteStartArray("checks");
        foreach (var check in checks)
        {
            json.WriteStartObject();
            json.WriteString("name", check.Name);
            json.WriteString("status", check.Status);
            json.WriteString("detail", check.Detail);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static IEnumerable<string> RoutesOf(EndpointDataSource endpoints) =>
        from endpoint in endpoints.Endpoints.OfType<RouteEndpoint>()
        let path = endpoint.RoutePattern.RawText
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["WS"]
        orderby path, method
        select $"{method} {path}";

    private static string Status(bool isConnected, bool isWorking) => (isConnected, isWorking) switch
    {
        (false, _) => "unhealthy",
        (_, false) => "degraded",
        _ => "healthy",
    };

    public static async Task<bool> IsConnectedAsync(IRead store, TimeProvider clock, CancellationToken cancellationToken)
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
