using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;

namespace StashAI.Gateway.Routes.Figures;

/// <summary>The description of <c>GET /api/series</c> in the API's document.</summary>
internal static class SeriesDocs
{
    public static ParameterDoc From { get; } = ParameterDoc.Query(
        "from", "The first moment, as in RFC 3339; an hour before `to` by default.");

    public static ParameterDoc To { get; } = ParameterDoc.Query("to", "The end, which is left out; now by default.");

    public static ParameterDoc Step { get; } = new(
        "step", "query", "integer",
        "Seconds of a point: a multiple of 60, or of 3600 from an hour on. By default the smallest with up to 500 points.")
    {
        Least = 60,
        Most = 90 * 86400,
    };

    public static ParameterDoc Service { get; } = ParameterDoc.Query("service", "Only this service; otherwise the sum over all.");

    public static ParameterDoc Metric { get; } = ParameterDoc.Query(
        "metric", $"Only these, with commas between them: {string.Join(", ", SeriesMetrics.All)}.");

    public static RouteDoc Series { get; } = new("series", Chapter.Server, "Counts over time: throughput, failures, call times")
    {
        Description = "Minutes are kept for two days, hours for ninety. A point without anything is left out: its counts are zeros.",
        Parameters = [From, To, Step, Service, Metric],
        Answers =
        [
            AnswerDoc.Of(new SeriesShape(
                Samples.Time.AddHours(-1), Samples.Time, 60, "visage",
                [
                    new SeriesPointShape(Samples.Time.AddMinutes(-7))
                    {
                        Submitted = 200, Completed = 130, Failed = 1, Retried = 2, Throttled = 0, Waiting = 68, P50Ms = 210, P95Ms = 500,
                    },
                ])),
        ],
    };
}

/// <summary>What happened from `from` until `to`, in steps of so many seconds; `service` is null for the sum over all.</summary>
internal sealed record SeriesShape(
    DateTimeOffset From, DateTimeOffset To, int Step, string? Service, IReadOnlyList<SeriesPointShape> Points);

/// <summary>A point: tasks submitted, calls by their outcome, the most tasks that waited at once, and how long calls took.</summary>
internal sealed record SeriesPointShape(DateTimeOffset At)
{
    public long? Submitted { get; init; }
    public long? Completed { get; init; }
    public long? Failed { get; init; }
    public long? Retried { get; init; }
    public long? Throttled { get; init; }
    public long? Waiting { get; init; }
    public double? P50Ms { get; init; }
    public double? P95Ms { get; init; }
}
