using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Access;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Store;
using StashAI.Streams.Texts;

namespace StashAI.Gateway.Routes.People;

/// <summary><c>/api/keys</c>: the API keys in the database. Keys of the settings are not among them.</summary>
internal static class KeyRoutes
{
    private const int MaxNameLength = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/keys", ListAsync).Describe(PeopleDocs.Keys).Needs(ApiScope.Admin);
        routes.MapPost("/api/keys", CreateAsync).Describe(PeopleDocs.CreateKey).Needs(ApiScope.Admin);
        routes.MapDelete("/api/keys/{id}", RevokeAsync).Describe(PeopleDocs.RevokeKey).Needs(ApiScope.Admin);
    }

    private static async Task ListAsync(HttpContext context, IApiKeys store)
    {
        var all = await store.ListApiKeysAsync(context.RequestAborted);
        List<ApiKey> keys = [.. all.Where(key => key.RevokedAt is null).Reverse()];
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            foreach (var key in keys)
            {
                json.WriteStartObject();
                Write(json, key);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteNull("next");
            json.WriteNumber("total", keys.Count);
            json.WriteBoolean("total_is_exact", true);
            json.WriteEndObject();
        });
    }

    private static async Task CreateAsync(HttpContext context, IApiKeys store, BodyReader bodies, AuditLog audit, TimeProvider clock)
    {
        if (!await BodyReader.HasBodyAsync(context))
            throw RequestException.Missing("body", "The body must be a JSON object with a name and a role.");
        using var body = await bodies.ReadAsync(context);
        if (body is null) return;
        var fields = JsonFields.Root(body.Root);
        fields.RefuseUnknown("name", "role", "expires_at");
        var name = fields.Text("name") ?? throw RequestException.Missing("name", "The body must have a name for the key, such as laptop.");
        if (name.Length == 0 || Characters.CountOf(name) > MaxNameLength || name.Any(char.IsControl))
            throw fields.Invalid("name", $"must have 1 to {MaxNameLength} characters on one line.");
        var word = fields.Text("role") ?? throw RequestException.Missing("role", $"The body must have a role: {ApiScopeWords.All}.");
        var scope = ApiScopeWords.Parse(word)
            ?? throw fields.Invalid("role", $"'{Excerpt.Of(word)}' is not valid; use {ApiScopeWords.All}.");
        var expires = fields.Time("expires_at");
        if (expires <= clock.GetUtcNow()) throw fields.Invalid("expires_at", "has already passed; leave it out, or send a future time.");

        var text = ApiKeyText.Create();
        var prefix = ApiKeyText.PrefixOf(text)!;
        if (!await store.AddApiKeyAsync(prefix, ApiKeyText.HashOf(text), name, scope, expires, context.RequestAborted))
            throw new RequestException(Problem.Conflict($"A key named {name} exists already: choose another name, or revoke that key first."));
        await audit.WriteAsync(context, "create", "key", prefix, new { name, role = ApiScopeWords.Of(scope), expires_at = expires });
        context.Response.Headers.CacheControl = "no-store";
        await WireJson.WriteAsync(context, StatusCodes.Status201Created, json =>
        {
            json.WriteStartObject();
            Write(json, new ApiKey(prefix, default, name, scope, clock.GetUtcNow(), null) { ExpiresAt = expires });
            json.WriteString("key", text);
            json.WriteEndObject();
        });
    }

    private static async Task<IResult> RevokeAsync(HttpContext context, IApiKeys store, AuditLog audit, string id)
    {
        if (!await store.RevokeApiKeyAsync(id, context.RequestAborted))
            throw RequestException.NotFound($"There is no valid key {id}; GET /api/keys lists them.");
        await audit.WriteAsync(context, "revoke", "key", id);
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
