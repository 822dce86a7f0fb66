using System.Globalization;
using StashAI.Gateway.Access;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Figures;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Figures;

/// <summary><c>GET /api/costs</c>: what calls cost, by day, key and service, from sums that are kept as it happens.</summary>
internal static class CostRoutes
{
    private const int MaxEntries = 10_000;
    private const int UsualDays = 30;
    private const string Format = "yyyy-MM-dd";

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/costs", ReadAsync).Describe(CostDocs.Costs).Needs(ApiScope.Read);

    private static async Task ReadAsync(HttpContext context, IMeasure store, TimeProvider clock)
    {
        var query = context.Request.Query;
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var to = Day(query, CostDocs.To) ?? today;
        var from = Day(query, CostDocs.From) ?? to.AddDays(-Math.Min(UsualDays - 1, to.DayNumber));
        if (from > to) throw RequestException.Invalid("from", "must not be after to.");
        var found = await store.ReadCostsAsync(
            new CostQuery(from, to, query.Text(CostDocs.Key), query.Text(CostDocs.Service)), MaxEntries + 1, context.RequestAborted);
        List<DayCost> costs = [.. found.Take(MaxEntries)];
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("from", Text(from));
            json.WriteString("to", Text(to));
            JobCost.WritePrice(json, "cost", costs.Sum(one => one.Cost));
            json.WriteNumber("tasks", costs.Sum(one => one.Tasks));
            json.WriteBoolean("complete", found.Count == costs.Count);
            json.WriteStartArray("data");
            foreach (var one in costs)
            {
                json.WriteStartObject();
                json.WriteString("day", Text(one.Day));
                json.WriteString("key", one.Owner);
                json.WriteString("service", one.Service);
                json.WriteNumber("tasks", one.Tasks);
                JobCost.WritePrice(json, "cost", one.Cost);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }

    private static DateOnly? Day(IQueryCollection query, ParameterDoc parameter)
    {
        if (query.Text(parameter) is not { } text) return null;
        return DateOnly.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : throw RequestException.Invalid(parameter.Name, "must be a day such as 2030-01-31.");
    }

    private static string Text(DateOnly day) => day.ToString(Format, CultureInfo.InvariantCulture);
}
