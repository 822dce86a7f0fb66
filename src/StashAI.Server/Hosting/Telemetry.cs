using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using StashAI.Gateway.Access;
using StashAI.Gateway.Pages;
using StashAI.Gateway.Routes.Health;
using StashAI.Gateway.Wire.Docs;
using StashAI.Queue.Model.Access;

namespace StashAI.Server.Hosting;

/// <summary>
/// Exports the queue's metrics to Prometheus, and metrics and traces to a collector if OpenTelemetry's own variables name one
/// (<c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and others).
/// </summary>
internal static class Telemetry
{
    /// <summary>The path for Prometheus.</summary>
    public const string Path = "/metrics";

    private const string Queue = "StashAI.Queue";

    /// <summary>Registers the exporters; <paramref name="isGateway"/> is true for the process that answers at <see cref="Path"/>.</summary>
    public static void Add(IServiceCollection services, IConfiguration configuration, bool isGateway)
    {
        var hasCollector = !string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        if (!isGateway && !hasCollector) return;
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(
                resource => resource.AddService(isGateway ? "stashai" : "stashai-worker", serviceVersion: HealthRoutes.Version))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Queue, "System.Runtime", "Microsoft.AspNetCore.Hosting");
                if (isGateway) metrics.AddPrometheusExporter();
                if (hasCollector) metrics.AddOtlpExporter();
            });
        if (hasCollector) telemetry.WithTracing(traces => traces.AddSource(Queue).AddOtlpExporter());
    }

    /// <summary>Maps the route for Prometheus.</summary>
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPrometheusScrapingEndpoint(Path).Describe(PageDocs.Metrics).Needs(ApiScope.Read);
}
