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
/// Gives the queue's metrics to Prometheus, and metrics and traces to a collector where one is named by OpenTelemetry's own variables
/// (`OTEL_EXPORTER_OTLP_ENDPOINT` and its like).
/// </summary>
internal static class Telemetry
{
    /// <summary>Where Prometheus reads.</summary>
    public const string Path = "/metrics";

    private const string Queue = "StashAI.Queue";

    /// <summary>Collects and exports; <paramref name="isGateway"/> for the process that answers at <see cref="Path"/>.</summary>
    public static void Add(IServiceCollection services, IConfiguration configuration, bool isGateway)
    {
        var hasCollector = !string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);
        if (!isGateway && !hasCollector) return;
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(isGateway ? "stashai" : "stashai-worker", serviceVersion: HealthRoutes.Version))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Queue, "System.Runtime", "Microsoft.AspNetCore.Hosting");
                if (isGateway) metrics.AddPrometheusExporter();
                if (hasCollector) metrics.AddOtlpExporter();
            });
        if (hasCollector) telemetry.WithTracing(traces => traces.AddSource(Queue).AddOtlpExporter());
    }

    /// <summary>Answers Prometheus.</summary>
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPrometheusScrapingEndpoint(Path).Describe(PageDocs.Metrics).Needs(ApiScope.Read);
}
