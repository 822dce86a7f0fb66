using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Figures;
using StashAI.Queue.Policies;

namespace StashAI.Gateway.Routes.Figures;

/// <summary>The metrics of a point of the series.</summary>
internal static class SeriesMetrics
{
    public static IReadOnlyList<string> All { get; } =
        ["submitted", "completed", "failed", "retried", "throttled", "waiting", "p50_ms", "p95_ms"];

    /// <summary>Reads a list of metrics; all of them when it is missing.</summary>
    public static IReadOnlyList<string> Read(string? text)
    {
        if (text is null) return All;
        var metrics = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (metrics.FirstOrDefault(metric => !All.Contains(metric)) is { } unknown)
        {
            throw RequestException.Invalid(
                "metric", $"'{Excerpt.Of(unknown)}' is not a metric.{FieldCheck.Suggest(unknown, All)} Metrics: {string.Join(", ", All)}.");
        }

        return metrics.Length > 0 ? metrics : All;
    }

    public static void Write(Utf8JsonWriter json, SeriesPoint point, IReadOnlyList<string> metrics)
    {
        json.WriteStartObject();
        json.WriteTime("at", point.At);
        foreach (var metric in metrics) json.WriteNumberOrNull(metric, Value(point, metric));
        json.WriteEndObject();
    }

    private static double? Value(SeriesPoint point, string metric) => metric switch
    {
        "submitted" => point.Counts.Submitted,
        "completed" => point.Counts.Completed,
        "failed" => point.Counts.Failed,
        "retried" => point.Counts.Retried,
        "throttled" => point.Counts.Throttled,
        "waiting" => point.Waiting,
        "p50_ms" => LatencyBuckets.Percentile(point.Calls, 0.5),
        _ => LatencyBuckets.Percentile(point.Calls, 0.95),
    };
}
