using StashAI.Gateway.Access;
using StashAI.Gateway.Routes.Health;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Hosting.Clients;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Audit;

namespace StashAI.Gateway.Routes.People;

/// <summary><c>GET /api/me</c>: who calls, and what this server can do. <c>POST /api/login</c> and <c>/api/logout</c> for browsers.</summary>
internal static class MeRoutes
{
    /// <summary>What a client may offer; a name is added with its routes.</summary>
    private static readonly string[] Features = ["audit", "bulk", "jobs", "keys", "login", "nodes", "tasks"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/me", ShowAsync).Describe(PeopleDocs.Me).Needs(ApiScope.Read);
        routes.MapPost("/api/login", LoginAsync).Describe(PeopleDocs.Login).NeedsNothing();
        routes.MapPost("/api/logout", Logout).Describe(PeopleDocs.Logout).NeedsNothing();
    }

    private static Task ShowAsync(HttpContext context) => WriteAsync(context, CallerIdentity.Of(context.User)!);

    private static async Task LoginAsync(HttpContext context, AccessControl access, BodyReader bodies)
    {
        if (!SessionCookie.IsAllowed(context))
            throw new RequestException(Problem.Forbidden("A login must come from a page of this server; programs send their key in a header."));
        if (!await BodyReader.HasBodyAsync(context)) throw RequestException.Missing("body", "The body must be a JSON object with the key.");
        using var body = await bodies.ReadAsync(context);
        if (body is null) return;
        var fields = JsonFields.Root(body.Root);
        fields.RefuseUnknown("key");
        var key = fields.Text("key") ?? throw RequestException.Missing("key", "The body must have the API key as key.");
        var judgement = await access.JudgeAsync([key], takesTickets: false, context.ClientAddress(), context.RequestAborted);
        if (judgement.IsTooMany) throw new RequestException(ApiKeyHandler.TooManyTries());
        if (judgement.Caller is not { } caller)
            throw new RequestException(ApiKeyHandler.Unauthorized("This API key is wrong, was revoked or has expired."));
        SessionCookie.Set(context, key);
        await WriteAsync(context, caller);
    }

    private static IResult Logout(HttpContext context)
    {
        SessionCookie.Remove(context);
        return Results.NoContent();
    }

    private static Task WriteAsync(HttpContext context, Caller caller)
    {
        context.Response.Headers.CacheControl = "no-store";
        return WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("name", AuditLog.NameOf(caller));
            json.WriteString("role", ApiScopeWords.Of(caller.Scope));
            json.WriteString("version", HealthRoutes.Version);
            json.WriteStartArray("features");
            foreach (var feature in Features) json.WriteStringValue(feature);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }
}
