using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Access;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Requests;
using StashAI.Hosting.Problems;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.People;

/// <summary><c>/api/keys</c>: the API keys in the database. Keys of the settings are not among them.</summary>
internal static class KeyRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/keys", ListAsync).Describe(PeopleDocs.Keys).Needs(ApiScope.Admin);
        routes.MapPost("/api/keys", CreateAsync).Describe(PeopleDocs.CreateKey).Needs(ApiScope.Admin);
        routes.MapDelete("/api/keys/{id}", RevokeAsync).Describe(PeopleDocs.RevokeKey).Needs(ApiScope.Admin);
    }

    private static async Task ListAsync(HttpContext context, IApiKeys store)
    {
        var limit = context.Request.Query.Number(ParameterDoc.Limit, 50);
        var before = PageCursor.Read(context.Request.Query) ?? long.MaxValue;
        // Rows are never removed, so that a key's place in the list stays the same.
        var all = (await store.ListApiKeysAsync(context.RequestAborted)).Select((key, place) => (Key: key, Place: (long)place))
            .Where(row => row.Key.RevokedAt is null).Reverse().ToList();
        var rest = all.Where(row => row.Place < before).Take(limit + 1).ToList();
        var page = rest.Take(limit).ToList();
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            foreach (var (key, _) in page)
            {
                json.WriteStartObject();
                Write(json, key);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteString("next", rest.Count > limit ? PageCursor.Write(page[^1].Place) : null);
            json.WriteNumber("total", all.Count);
            json.WriteBoolean("total_is_exact", true);
            json.WriteEndObject();
        });
    }

    private static async Task CreateAsync(
        HttpContext context, IApiKeys store, ApiKeyRing ring, BodyReader bodies, AuditLog audit, TimeProvider clock)
    {
        if (!await BodyReader.HasBodyAsync(context))
            throw RequestException.Missing("body", "The body must be a JSON object with a name and a role.");
        using var body = await bodies.ReadAsync(context);
        if (body is null) return;
        var (name, scope, expiry) = Read(JsonFields.Root(body.Root), clock);
        var text = ApiKeyText.Create();
        var prefix = ApiKeyText.PrefixOf(text)!;
        if (!await store.AddApiKeyAsync(prefix, ApiKeyText.HashOf(text), name, scope, expiry, context.RequestAborted))
            throw new RequestException(Problem.Conflict(ApiKeyName.Taken(name)));
        ring.Refresh();
        await audit.WriteAsync(context, "create", "key", name, new { id = prefix, role = ApiScopeWords.Of(scope), expires_at = expiry });
        context.Response.Headers.CacheControl = "no-store";
        await WireJson.WriteAsync(context, StatusCodes.Status201Created, json =>
        {
            json.WriteStartObject();
            Write(json, new ApiKey(prefix, default, name, scope, clock.GetUtcNow(), null) { ExpiresAt = expiry });
            json.WriteString("key", text);
            json.WriteEndObject();
        });
    }

    private static (string Name, ApiScope Scope, DateTimeOffset? Expiry) Read(JsonFields fields, TimeProvider clock)
    {
        fields.RefuseUnknown("name", "role", "expires_at");
        var name = fields.Text("name") ?? throw RequestException.Missing("name", "The body must have a name for the key, such as laptop.");
        if (ApiKeyName.Problem(name) is { } problem) throw fields.Invalid("name", problem);
        var word = fields.Text("role") ?? throw RequestException.Missing("role", $"The body must have a role: {ApiScopeWords.All}.");
        var scope = ApiScopeWords.Parse(word)
            ?? throw fields.Invalid("role", $"'{Excerpt.Of(word)}' is not valid; use {ApiScopeWords.All}.");
        var expiry = fields.Time("expires_at");
        return expiry <= clock.GetUtcNow()
            ? throw fields.Invalid("expires_at", "has already passed; leave it out, or send a future time.")
            : (name, scope, expiry);
    }

    private static async Task<IResult> RevokeAsync(HttpContext context, IApiKeys store, ApiKeyRing ring, AuditLog audit, string id)
    {
        var key = (await store.ListApiKeysAsync(context.RequestAborted)).FirstOrDefault(one => one.Prefix == id && one.RevokedAt is null);
        if (key is null || !await store.RevokeApiKeyAsync(id, context.RequestAborted))
            throw RequestException.NotFound($"There is no valid key {Excerpt.Of(id)}; GET /api/keys lists them by their id.");
        ring.Refresh();
        await audit.WriteAsync(context, "revoke", "key", key.Name, new { id });
        return Results.NoContent();
    }

    private static void Write(Utf8JsonWriter json, ApiKey key)
    {
        json.WriteString("id", key.Prefix);
        json.WriteString("name", key.Name);
        json.WriteString("role", ApiScopeWords.Of(key.Scope));
        json.WriteTime("created_at", key.CreatedAt);
        json.WriteTime("last_used_at", key.LastUsedAt);
        json.WriteTime("expires_at", key.ExpiresAt);
    }
}
