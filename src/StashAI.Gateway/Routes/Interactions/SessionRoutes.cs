using StashAI.Gateway.Access;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Direct;
using StashAI.Gateway.Submit.Interactions;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Links;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Interactions;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Interactions;

/// <summary><c>/api/sessions</c>: creates, updates and lists sessions. The answer is sent when the change is durable (C-15).</summary>
internal static class SessionRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/sessions", SaveAsync)
            .Describe(RecordDocs.SaveSession).Needs(ApiScope.Submit);
        routes.MapGet("/api/sessions", ListAsync)
            .Describe(RecordDocs.Sessions).Needs(ApiScope.Read);
        routes.MapGet("/api/sessions/{session_id}", ShowAsync)
            .Describe(RecordDocs.ShowSession).Needs(ApiScope.Read);
    }

    private static async Task SaveAsync(HttpContext context, ISessions store, BodyReader bodies, DirectSettings direct)
    {
        using var body = await bodies.ReadAsync(context);
        if (body is null) return;
        var update = InteractionJson.ReadSession(JsonFields.Root(body.Root));
        var session = (await store.SaveSessionsAsync([update], context.RequestAborted))[0];
        context.Response.Headers.Location = context.Request.LinkTo($"/api/sessions/{Uri.EscapeDataString(session.SessionId)}");
        await WireJson.WriteAsync(context, StatusCodes.Status202Accepted, json =>
        {
            json.WriteStartObject();
            json.WriteString("task_id", session.Id);
            json.WriteString("session_id", session.SessionId);
            json.WriteString("status", DialectWords.Accepted);
            json.WriteString("state", DialectWords.State(TaskState.Completed));
            json.WriteString("mode", direct.Mode);
            json.WriteTime("submitted_at", session.UpdatedAt);
            json.WriteEndObject();
        });
    }

    private static async Task ListAsync(HttpContext context, ISessions store)
    {
        var query = context.Request.Query;
        var limit = query.Number(ParameterDoc.Limit, 100);
        var offset = query.Number(ParameterDoc.ShortOffset, 0);
        var page = await store.ListSessionsAsync(query.Text(ParameterDoc.User), limit + 1, offset, context.RequestAborted);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("sessions");
            foreach (var session in page.Take(limit)) InteractionJson.Write(json, session);
            json.WriteEndArray();
            json.WriteNumber("limit", limit);
            json.WriteNumber("offset", offset);
            json.WriteBoolean("has_more", page.Count > limit);
            json.WriteEndObject();
        });
    }

    private static async Task ShowAsync(HttpContext context, ISessions store)
    {
        var id = (string)context.Request.RouteValues["session_id"]!;
        // A slash in a name stays escaped in paths.
        var session = await store.FindSessionAsync(id, context.RequestAborted)
            ?? await store.FindSessionAsync(id.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase), context.RequestAborted)
            ?? throw RequestException.NotFound($"There is no session {id}; POST /api/sessions makes one.");
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json => InteractionJson.Write(json, session));
    }
}
