using StashAI.Gateway.Access;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Interactions;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Interactions;

/// <summary><c>GET /api/interactions/actions</c>: what users did over time, counted by the database.</summary>
internal static class ActionRoutes
{
    private const int UsualSteps = 48;

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/interactions/actions", ReadAsync).Describe(RecordDocs.Actions).Needs(ApiScope.Read);

    private static async Task ReadAsync(HttpContext context, IInteractions store, TimeProvider clock)
    {
        var query = context.Request.Query;
        var to = query.Time(RecordDocs.To) ?? clock.GetUtcNow();
        var from = query.Time(RecordDocs.From) ?? to - TimeSpan.FromDays(1);
        if (from >= to) throw RequestException.Invalid("from", "must be before to.");
        var asked = new ActionQuery(from, to, query.Number(RecordDocs.Steps, UsualSteps))
        {
            SessionId = query.Text(ParameterDoc.Session),
            UserId = query.Text(ParameterDoc.User),
        };
        var table = await store.CountActionsAsync(asked, context.RequestAborted);
        var limit = query.Number(ParameterDoc.Limit, 100);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteTime("from", from);
            json.WriteTime("to", to);
            json.WriteNumber("step_seconds", asked.StepMilliseconds / 1000.0);
            json.WriteNumber("total", table.Actions.Sum(one => (long)one.Count));
            json.WriteNumber("actions_total", table.Actions.Count);
            json.WriteBoolean("is_complete", table.IsComplete);
            json.WriteStartArray("actions");
            foreach (var one in table.Actions.Take(limit))
            {
                json.WriteStartObject();
                json.WriteString("action_type", one.Action);
                json.WriteNumber("count", one.Count);
                json.WriteTime("last_at", one.LastAt);
                json.WriteStartArray("counts");
                foreach (var count in one.Steps) json.WriteNumberValue(count);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        });
    }
}
