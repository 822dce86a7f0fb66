using System.Globalization;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Access;
using StashAI.Gateway.Routes.Services;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Figures;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Figures;

/// <summary><c>GET /api/series</c>: what happened over time, from counts that are kept as it happens.</summary>
internal static class SeriesRoutes
{
    /// <summary>The most points of an answer: two days, the time that minutes are kept, and the minute that has begun.</summary>
    private const int MaxPoints = (48 * 60) + 1;

    private const int UsualPoints = 500;
    private const int Hour = 3600;

    /// <summary>The steps to choose from when none is given.</summary>
    private static readonly int[] Steps = [60, 300, 900, Hour, 6 * Hour, 24 * Hour];

    /// <summary>How long minutes are kept.</summary>
    private static readonly TimeSpan MinutesKept = TimeSpan.FromHours(48);

    private static readonly TimeSpan LongestTime = TimeSpan.FromDays(366);

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/series", ReadAsync).Describe(SeriesDocs.Series).Needs(ApiScope.Read);

    private static async Task ReadAsync(HttpContext context, IMeasure store, ServiceList services, TimeProvider clock)
    {
        var query = context.Request.Query;
        var now = clock.GetUtcNow();
        var to = query.Time(SeriesDocs.To) ?? now;
        var from = query.Time(SeriesDocs.From) ?? to - TimeSpan.FromHours(1);
        if (from >= to) throw RequestException.Invalid("from", "must be before to.");
        if (to - from > LongestTime) throw RequestException.Invalid("from", "must be at most 366 days before to.");
        var step = Step(query, from, to, now);
        var metrics = SeriesMetrics.Read(query.Text(SeriesDocs.Metric));
        var service = query.Text(SeriesDocs.Service);
        if (service is not null) await services.CheckAsync(service, context.RequestAborted);
        // Whole steps, so that the first point is not cut.
        var size = TimeSpan.FromSeconds(step);
        from = from.AddTicks(-(from.UtcTicks % size.Ticks));
        var points = await store.ReadSeriesAsync(new SeriesQuery(from, to, size, service), context.RequestAborted);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteTime("from", from);
            json.WriteTime("to", to);
            json.WriteNumber("step", step);
            json.WriteString("service", service);
            json.WriteStartArray("points");
            foreach (var point in points) SeriesMetrics.Write(json, point, metrics);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static int Step(IQueryCollection query, DateTimeOffset from, DateTimeOffset to, DateTimeOffset now)
    {
        var seconds = (to - from).TotalSeconds;
        var needsHours = from < now - MinutesKept;
        if (query.LongNumber(SeriesDocs.Step) is not { } asked)
            return Steps.First(step => step == Steps[^1] || (seconds / step <= UsualPoints && (step >= Hour || !needsHours)));
        var step = (int)asked;
        if (step % (step < Hour ? 60 : Hour) != 0)
            throw RequestException.Invalid("step", $"'{step}' is not a multiple of 60, or of 3600 from an hour on.");
        if (step < Hour && needsHours)
            throw RequestException.Invalid("step", "must be at least 3600 here: minutes are kept for two days, and from is earlier.");
        if (seconds / step > MaxPoints)
        {
            throw RequestException.Invalid(
                "step",
                string.Create(CultureInfo.InvariantCulture, $"gives more than {MaxPoints} points here; use at least {Least(seconds)}."));
        }

        return step;
    }

    private static int Least(double seconds)
    {
        var least = (int)Math.Ceiling(seconds / MaxPoints);
        var unit = least < Hour ? 60 : Hour;
        return (least + unit - 1) / unit * unit;
    }
}
