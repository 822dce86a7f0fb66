using StashAI.Gateway.Access;
using StashAI.Gateway.Routes.Health;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Hosting.Clients;
using StashAI.Hosting.Problems;
using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Routes.People;

/// <summary>
/// <c>GET /api/me</c>: who calls, and what this server can do. <c>POST /api/login</c> and <c>/api/logout</c> for browsers.
/// </summary>
internal static class MeRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/me", ShowAsync).Describe(PeopleDocs.Me).Needs(ApiScope.Read);
        routes.MapPost("/api/login", LoginAsync).Describe(PeopleDocs.Login).NeedsNothing();
        routes.MapPost("/api/logout", Logout).Describe(PeopleDocs.Logout).NeedsNothing();
    }

    private static Task ShowAsync(HttpContext context, ServerFeatures features) =>
        WriteAsync(context, CallerIdentity.Of(context.User)!, features);

    private static async Task LoginAsync(
        HttpContext context, AccessControl access, Logins logins, BodyReader bodies, ServerFeatures features)
    {
        RequireOwnPage(context);
        if (!await BodyReader.HasBodyAsync(context)) throw RequestException.Missing("body", "The body must be a JSON object with the key.");
        using var body = await bodies.ReadAsync(context);
        if (body is null) return;
        var fields = JsonFields.Root(body.Root);
        fields.RefuseUnknown("key");
        var key = fields.Text("key")?.Trim() ?? throw RequestException.Missing("key", "The body must have the API key as key.");
        var client = context.ClientAddress();
        if (!await access.HasKeysAsync(context.RequestAborted))
        {
            // There is nothing to log in to; a key is held against nobody.
            var nobody = await access.FindAnonymousAsync(client, context.RequestAborted)
                ?? throw new RequestException(ApiKeyHandler.Unauthorized(ApiKeyHandler.NoKey));
            await WriteAsync(context, nobody, features);
            return;
        }

        var judgement = await access.JudgeAsync([key], takesTickets: false, client, context.RequestAborted);
        if (judgement.IsTooMany) throw new RequestException(ApiKeyHandler.TooManyTries());
        if (judgement.Caller is not { } caller) throw new RequestException(ApiKeyHandler.Unauthorized(ApiKeyHandler.DetailOf(judgement)));
        SessionCookie.Set(context, await logins.SealAsync(key, context.RequestAborted));
        await WriteAsync(context, caller with { IsLogin = true }, features);
    }

    private static IResult Logout(HttpContext context)
    {
        RequireOwnPage(context);
        SessionCookie.Remove(context);
        return Results.NoContent();
    }

    /// <summary>Another page must neither log a browser in with a key of its own nor log it out.</summary>
    private static void RequireOwnPage(HttpContext context)
    {
        if (!SessionCookie.IsAllowed(context)) throw new RequestException(ApiKeyHandler.ForeignPage());
    }

    private static Task WriteAsync(HttpContext context, Caller caller, ServerFeatures features)
    {
        context.Response.Headers.CacheControl = "no-store";
        return WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("name", AuditLog.NameOf(caller));
            json.WriteString("role", ApiScopeWords.Of(caller.Scope));
            json.WriteString("access", caller.KeyPrefix is null ? "open" : caller.IsLogin ? "login" : "key");
            json.WriteTime("expires_at", caller.ExpiresAt);
            json.WriteString("version", HealthRoutes.Version);
            json.WriteStartArray("features");
            foreach (var feature in features.Read()) json.WriteStringValue(feature);
            json.WriteEndArray();
            json.WriteEndObject();
        });
    }
}
