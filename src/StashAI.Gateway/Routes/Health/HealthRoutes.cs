using System.Reflection;
using System.Text.Json;
using Microsoft.Net.Http.Headers;
using StashAI.Gateway.Access;
using StashAI.Gateway.Submit.Direct;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Queue.Engine;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Health;

/// <summary>
/// <c>/</c> and <c>/health</c> (C-19). They read one row of the database with a short timeout, because clients wait at most 2 s.
/// </summary>
internal static class HealthRoutes
{
    private static readonly TimeSpan CheckTimeout = TimeSpan.FromSeconds(1);

    public static string Version { get; } =
        typeof(HealthRoutes).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/", RootAsync)
            .Describe(HealthDocs.Root).NeedsNothing();
        routes.MapGet("/health", HealthAsync)
            .Describe(HealthDocs.Health).NeedsNothing();
    }

    private static async Task RootAsync(HttpContext context, HealthReport health, EndpointDataSource endpoints, IDashboard dashboard)
    {
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Accept);
        if (dashboard.IsWanted(context.Request))
        {
            await dashboard.WriteAsync(context);
            return;
        }

        var report = await health.ReadAsync(context.RequestAborted);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("message", "StashAI Server is running");
            json.WriteString("status", report.Word);
            json.WriteString("version", Version);
            json.WriteStartArray("routes");
            foreach (var route in RoutesOf(endpoints)) json.WriteStringValue(route);
            json.WriteEndArray();
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
            json.WriteString("status", report.Word);
            json.WriteTime("timestamp", clock.GetUtcNow());
            json.WriteString("database", report.IsConnected ? "connected" : "disconnected");
            if (engine.DatabaseWarning is { } warning) json.WriteString("database_warning", warning);
            json.WriteString("version", Version);
            json.WriteStartObject("queue");
            WriteQueue(json, engine, direct, report.CanWork);
            json.WriteEndObject();
            report.WriteChecks(json);
            json.WriteEndObject();
        });
    }

    /// <summary>Writes the health of the queue into an object.</summary>
    public static void WriteQueue(Utf8JsonWriter json, QueueEngine engine, DirectSettings direct, bool canWork)
    {
        json.WriteBoolean("queue_healthy", canWork && engine.IsHealthy);
        json.WriteBoolean("manager_healthy", engine.IsHealthy);
        json.WriteBoolean("queue_enabled", !direct.IsOn);
        json.WriteBoolean("direct_mode", direct.IsOn);
    }

    private static IEnumerable<string> RoutesOf(EndpointDataSource endpoints) =>
        from endpoint in endpoints.Endpoints.OfType<RouteEndpoint>()
        let path = "/" + endpoint.RoutePattern.RawText?.TrimStart('/')
        // Sockets and metrics are mapped for all methods.
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods
            ?? [path.StartsWith("/ws", StringComparison.Ordinal) ? "WS" : "GET"]
        orderby path, method
        select $"{method} {path}";

    public static async Task<bool> IsConnectedAsync(IRead store, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(CheckTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await store.PingAsync(either.Token);
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
