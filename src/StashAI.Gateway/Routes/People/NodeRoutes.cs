using StashAI.Gateway.Access;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.People;

/// <summary><c>GET /api/nodes</c>: the processes that are alive.</summary>
internal static class NodeRoutes
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/nodes", ListAsync).Describe(PeopleDocs.Nodes).Needs(ApiScope.Read);

    private static async Task ListAsync(HttpContext context, IRead store)
    {
        var limit = context.Request.Query.Number(ParameterDoc.Limit, 50);
        var before = PageCursor.Read(context.Request.Query) ?? long.MaxValue;
        var alive = await store.ListNodesAsync(context.RequestAborted);
        var page = alive.Where(node => node.Key < before).Take(limit).ToList();
        var hasMore = page.Count > 0 && alive[^1].Key < page[^1].Key;
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            foreach (var node in page)
            {
                json.WriteStartObject();
                json.WriteNumber("id", node.Key);
                json.WriteString("name", node.Name);
                json.WriteString("role", node.Program.Role);
                json.WriteString("host", node.Host);
                json.WriteNumber("process_id", node.ProcessId);
                json.WriteString("version", node.Program.Version);
                json.WriteStartArray("labels");
                foreach (var label in node.Labels) json.WriteStringValue(label);
                json.WriteEndArray();
                json.WriteNumber("running", node.Running);
                json.WriteTime("started_at", node.StartedAt);
                json.WriteTime("lease_until", node.LeaseUntil);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("next", hasMore ? PageCursor.Write(page[^1].Key) : null);
            json.WriteNumber("total", alive.Count);
            json.WriteBoolean("total_is_exact", true);
            json.WriteEndObject();
        });
    }
}
