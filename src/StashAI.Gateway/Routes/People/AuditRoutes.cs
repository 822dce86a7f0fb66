using StashAI.Gateway.Access;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Audit;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.People;

/// <summary><c>GET /api/audit</c>: who changed what, when, and from where.</summary>
internal static class AuditRoutes
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/audit", ListAsync).Describe(PeopleDocs.Audit).Needs(ApiScope.Operate);

    private static async Task ListAsync(HttpContext context, IAudit store)
    {
        var query = context.Request.Query;
        var cursor = PageCursor.Read(query);
        var page = await store.QueryAuditAsync(
            new AuditQuery
            {
                Who = query.Text(PeopleDocs.Who),
                Action = query.Text(PeopleDocs.Action),
                TargetKind = query.Text(PeopleDocs.TargetKind),
                TargetId = query.Text(PeopleDocs.TargetId),
                After = query.Time(PeopleDocs.After),
                Before = query.Time(PeopleDocs.Before),
                BeforeKey = cursor ?? long.MaxValue,
                Limit = query.Number(ParameterDoc.Limit, 50),
            },
            context.RequestAborted);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            foreach (var entry in page.Entries)
            {
                json.WriteStartObject();
                json.WriteTime("at", entry.At);
                json.WriteString("who", entry.Who);
                json.WriteString("action", entry.Action);
                json.WriteString("target_kind", entry.TargetKind);
                json.WriteString("target_id", entry.TargetId);
                json.WriteString("address", entry.Address);
                json.WritePropertyName("details");
                json.WriteRawValue(entry.Details ?? "null");
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("next", page.Next is { } next ? PageCursor.Write(next) : null);
            json.WriteNumber("total", page.Matches);
            json.WriteBoolean("total_is_exact", cursor is null && page.IsComplete);
            json.WriteEndObject();
        });
    }
}
