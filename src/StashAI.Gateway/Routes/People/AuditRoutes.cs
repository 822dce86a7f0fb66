using StashAI.Gateway.Access;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.People;

/// <summary><c>GET /api/audit</c>: who changed what, when, and from where.</summary>
internal static class AuditRoutes
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/audit", ListAsync).Describe(PeopleDocs.Audit).Needs(ApiScope.Operate);

    private static async Task ListAsync(HttpContext context, IAudit store)
    {
        var limit = context.Request.Query.Number(ParameterDoc.Limit, 50);
        var before = PageCursor.Read(context.Request.Query) ?? long.MaxValue;
        var found = await store.ListAuditAsync(before, limit + 1, context.RequestAborted);
        var page = found.Take(limit).ToList();
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            foreach (var entry in page)
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
            json.WriteString("next", found.Count > limit ? PageCursor.Write(page[^1].Key) : null);
            json.WriteNumber("total", found.Count);
            json.WriteBoolean("total_is_exact", before == long.MaxValue && found.Count <= limit);
            json.WriteEndObject();
        });
    }
}
