using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Access;
using StashAI.Gateway.Routes.Jobs;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Webhooks;
using StashAI.Queue.Policies;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Webhooks;

/// <summary><c>/api/webhooks</c>: who is told when jobs and batches end, and the log of what was sent.</summary>
internal static class WebhookRoutes
{
    private const string Kind = "webhook";

    /// <summary>How often a change is tried again when somebody else was faster.</summary>
    private const int MaxTries = 5;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/webhooks", ListAsync).Describe(WebhookDocs.List).Needs(ApiScope.Admin);
        routes.MapPost("/api/webhooks", CreateAsync).Describe(WebhookDocs.Create).Needs(ApiScope.Admin);
        routes.MapPost("/api/webhooks/secret", SecretAsync).Describe(WebhookDocs.Secret).Needs(ApiScope.Submit);
        routes.MapGet("/api/webhooks/{id}", ShowAsync).Describe(WebhookDocs.Show).Needs(ApiScope.Admin);
        routes.MapPatch("/api/webhooks/{id}", ChangeAsync).Describe(WebhookDocs.Change).Needs(ApiScope.Admin);
        routes.MapDelete("/api/webhooks/{id}", DeleteAsync).Describe(WebhookDocs.Delete).Needs(ApiScope.Admin);
        routes.MapPost("/api/webhooks/{id}/rotate", RotateAsync).Describe(WebhookDocs.Rotate).Needs(ApiScope.Admin);
        routes.MapPost("/api/webhooks/{id}/test", TestAsync).Describe(WebhookDocs.Test).Needs(ApiScope.Admin);
        routes.MapGet("/api/webhooks/{id}/deliveries", ListDeliveriesAsync).Describe(WebhookDocs.Deliveries).Needs(ApiScope.Admin);
        routes.MapPost("/api/webhooks/{id}/deliveries/{delivery}/replay", ReplayAsync).Describe(WebhookDocs.Replay).Needs(ApiScope.Admin);
    }

    private static async Task ListAsync(HttpContext context, IWebhooks webhooks, TimeProvider clock)
    {
        var asked = KeyedPage.Of(context);
        var found = await webhooks.ListWebhooksAsync(asked.Before, asked.Wanted, context.RequestAborted);
        var now = clock.GetUtcNow();
        await asked.WriteAsync(context, found, webhook => webhook.Key, (json, webhook) => WebhookJson.Write(json, webhook, now));
    }

    private static async Task CreateAsync(
        HttpContext context, IWebhooks webhooks, WebhookRequest requests, BodyReader bodies, AuditLog audit, TimeProvider clock)
    {
        using var body = await ReadAsync(context, bodies, "The body must be a JSON object with a webhook.");
        if (body is null) return;
        var asked = await requests.ReadAsync(body.Root, context.RequestAborted);
        if ((await webhooks.ListWebhooksAsync(long.MaxValue, WebhookLoop.MaxWebhooks, context.RequestAborted)).Count
            >= WebhookLoop.MaxWebhooks)
        {
            throw new RequestException(Problem.Conflict(
                $"There are {WebhookLoop.MaxWebhooks} webhooks, and more are not possible; remove one first."));
        }

        var webhook = await webhooks.AddWebhookAsync(asked, context.RequestAborted) ?? throw NameTaken(asked.Name);
        await audit.WriteAsync(context, "create", Kind, webhook.Id, new { name = webhook.Name, events = webhook.Events });
        context.Response.Headers.Location = context.Request.PathBase.ToUriComponent() + $"/api/webhooks/{webhook.Id}";
        context.Response.Headers.CacheControl = "no-store";
        await WireJson.WriteAsync(
            context, StatusCodes.Status201Created, json => WebhookJson.Write(json, webhook, clock.GetUtcNow(), withSecret: true));
    }

    private static async Task SecretAsync(HttpContext context, ISigningKeys keys, WebhookTargets targets, BodyReader bodies)
    {
        using var body = await ReadAsync(context, bodies, "The body must be a JSON object with a url.");
        if (body is null) return;
        var fields = JsonFields.Root(body.Root);
        fields.RefuseUnknown("url");
        var given = fields.Text("url") ?? throw RequestException.Missing("url", "url is missing: an address that jobs name.");
        var url = (await targets.CheckAsync(given, "url", context.RequestAborted)).AbsoluteUri;
        var key = await keys.ReadSigningKeyAsync(WebhookSecrets.KeyName, context.RequestAborted);
        var secret = WebhookSecrets.OfAddress(key, CallerIdentity.Of(context.User)?.KeyName, url);
        context.Response.Headers.CacheControl = "no-store";
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("url", url);
            json.WriteString("secret", WebhookSecrets.Text(secret));
            json.WriteEndObject();
        });
    }

    private static async Task ShowAsync(HttpContext context, IWebhooks webhooks, TimeProvider clock, string id)
    {
        var webhook = await GetAsync(context, webhooks, id);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json => WebhookJson.Write(json, webhook, clock.GetUtcNow()));
    }

    private static async Task ChangeAsync(
        HttpContext context, IWebhooks webhooks, WebhookRequest requests, BodyReader bodies, AuditLog audit, TimeProvider clock, string id)
    {
        using var body = await ReadAsync(context, bodies, "The body must be a JSON object with changes.");
        if (body is null) return;
        var changed = await SaveAsync(
            context, webhooks, id, webhook => requests.ChangeAsync(webhook, body.Root, context.RequestAborted));
        var names = body.Root.EnumerateObject().Select(member => member.Name).ToList();
        await audit.WriteAsync(context, "change", Kind, changed.Id, new { name = changed.Name, members = names });
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json => WebhookJson.Write(json, changed, clock.GetUtcNow()));
    }

    private static async Task DeleteAsync(HttpContext context, IWebhooks webhooks, AuditLog audit, string id)
    {
        var webhook = await GetAsync(context, webhooks, id);
        if (await webhooks.RemoveWebhookAsync(webhook.Key, context.RequestAborted))
            await audit.WriteAsync(context, "delete", Kind, webhook.Id, new { name = webhook.Name });
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task RotateAsync(
        HttpContext context, IWebhooks webhooks, BodyReader bodies, AuditLog audit, TimeProvider clock, string id)
    {
        using var body = await BodyReader.HasBodyAsync(context) ? await bodies.ReadAsync(context) : null;
        if (body is null && context.Response.HasStarted) return;
        var fields = body is null ? new JsonFields("", null) : JsonFields.Root(body.Root);
        fields.RefuseUnknown("keep_seconds", "secret");
        var keep = TimeSpan.FromSeconds(fields.Integer("keep_seconds", 0, 30 * 24 * 3600) ?? 24 * 3600);
        var secret = fields.Text("secret") is { } given ? WebhookSecrets.Parse(given, "secret") : WebhookSecrets.New();
        var changed = await SaveAsync(context, webhooks, id, webhook => Task.FromResult(webhook with
        {
            Secret = secret,
            OldSecret = keep > TimeSpan.Zero ? webhook.Secret : null,
            OldSecretUntil = keep > TimeSpan.Zero ? clock.GetUtcNow() + keep : null,
        }));
        await audit.WriteAsync(context, "rotate", Kind, changed.Id, new { name = changed.Name });
        context.Response.Headers.CacheControl = "no-store";
        await WireJson.WriteAsync(
            context, StatusCodes.Status200OK, json => WebhookJson.Write(json, changed, clock.GetUtcNow(), withSecret: true));
    }

    private static async Task TestAsync(
        HttpContext context, IWebhooks webhooks, IDeliveries deliveries, WebhookLoop loop, AuditLog audit, TimeProvider clock, string id)
    {
        var webhook = await GetAsync(context, webhooks, id);
        if (!webhook.IsEnabled)
        {
            throw new RequestException(Problem.Conflict(
                $"The webhook {webhook.Name} is disabled; enable it with PATCH and \"is_enabled\":true first."));
        }

        var delivery = await deliveries.AddDeliveryAsync(
            WebhookFanOut.Test(webhook, clock.GetUtcNow()), WebhookRetry.Period, context.RequestAborted);
        await audit.WriteAsync(context, "test", Kind, webhook.Id, new { name = webhook.Name });
        loop.Wake();
        await WireJson.WriteAsync(context, StatusCodes.Status202Accepted, json => WebhookJson.Write(json, delivery));
    }

    private static async Task ListDeliveriesAsync(HttpContext context, IWebhooks webhooks, IDeliveries deliveries, string id)
    {
        var key = await KeyOfAsync(context, webhooks, id);
        var asked = KeyedPage.Of(context);
        var state = context.Request.Query.Text(WebhookDocs.State) is { } word ? WebhookJson.StateOf(word) : null;
        var found = await deliveries.ListDeliveriesAsync(key, state, asked.Before, asked.Wanted, context.RequestAborted);
        await asked.WriteAsync(context, found, delivery => delivery.Key, WebhookJson.Write);
    }

    private static async Task ReplayAsync(
        HttpContext context, IWebhooks webhooks, IDeliveries deliveries, WebhookLoop loop, AuditLog audit, string id, string delivery)
    {
        var key = await KeyOfAsync(context, webhooks, id);
        var replayed = Guid.TryParse(delivery, out var found)
            ? await deliveries.ReplayDeliveryAsync(key, found, WebhookRetry.Period, context.RequestAborted)
            : null;
        if (replayed is null)
        {
            throw RequestException.NotFound(
                $"There is no delivery {Excerpt.Of(delivery)} of this webhook; GET /api/webhooks/{{id}}/deliveries lists them.");
        }

        await audit.WriteAsync(context, "replay", Kind, id, new { delivery = found });
        loop.Wake();
        await WireJson.WriteAsync(context, StatusCodes.Status202Accepted, json => WebhookJson.Write(json, replayed));
    }

    /// <summary>Stores a change, again if somebody else was faster; returns the webhook as it is then.</summary>
    private static async Task<Webhook> SaveAsync(
        HttpContext context, IWebhooks webhooks, string id, Func<Webhook, Task<Webhook>> change)
    {
        for (var tries = 1; ; tries++)
        {
            var webhook = await GetAsync(context, webhooks, id);
            var changed = await change(webhook);
            var saved = await webhooks.SaveWebhookAsync(changed, context.RequestAborted);
            if (saved == WebhookSave.Saved) return await GetAsync(context, webhooks, $"{webhook.Id}");
            if (saved == WebhookSave.NameTaken) throw NameTaken(changed.Name);
            if (tries >= MaxTries)
                throw new RequestException(Problem.Conflict("The webhook is being changed by somebody else; send the change again."));
        }
    }

    private static async Task<Intake.Items.BodyEnvelope?> ReadAsync(HttpContext context, BodyReader bodies, string missing) =>
        await BodyReader.HasBodyAsync(context) ? await bodies.ReadAsync(context) : throw RequestException.Missing("body", missing);

    /// <summary>The internal key of a webhook, or that of the addresses which jobs name.</summary>
    private static async Task<long> KeyOfAsync(HttpContext context, IWebhooks webhooks, string id) =>
        id == WebhookRequest.JobAddresses ? 0 : (await GetAsync(context, webhooks, id)).Key;

    /// <summary>A webhook by its id or its name.</summary>
    private static async Task<Webhook> GetAsync(HttpContext context, IWebhooks webhooks, string id) =>
        (Guid.TryParse(id, out var guid)
            ? await webhooks.FindWebhookAsync(guid, context.RequestAborted)
            : await webhooks.FindWebhookAsync(id, context.RequestAborted))
        ?? throw RequestException.NotFound($"There is no webhook {Excerpt.Of(id)}; GET /api/webhooks lists them.");

    private static RequestException NameTaken(string name) => new(Problem.Conflict(
        $"There is a webhook named '{name}' already; choose another name, or change that one with PATCH.") with
    {
        Errors = [new ProblemError("name", null, "is taken by another webhook.")],
    });
}
