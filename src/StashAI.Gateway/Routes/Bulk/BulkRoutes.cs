using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Access;
using StashAI.Gateway.Routes.Jobs;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Jobs;

namespace StashAI.Gateway.Routes.Bulk;

/// <summary><c>/api/bulk</c>: acts on all jobs that match a filter.</summary>
internal static class BulkRoutes
{
    private static readonly string[] Fields = ["filter", "action", "priority", "threshold", "dry_run", "all"];

    /// <summary>What can be asked of all jobs that a filter matches.</summary>
    private static readonly BulkAction[] Actions = [.. Enum.GetValues<BulkAction>().Where(action => action != BulkAction.Group)];

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/bulk", StartAsync).Describe(BulkDocs.Start).Needs(ApiScope.Submit);
        routes.MapGet("/api/bulk", ListAsync).Describe(BulkDocs.List).Needs(ApiScope.Read);
        routes.MapGet("/api/bulk/{id}", ShowAsync).Describe(BulkDocs.Show).Needs(ApiScope.Read);
        routes.MapPost("/api/bulk/{id}/stop", StopAsync).Describe(BulkDocs.Stop).Needs(ApiScope.Submit);
    }

    private static async Task StartAsync(HttpContext context, QueueEngine engine, BodyReader bodies, Operations operations, AuditLog audit)
    {
        if (!await BodyReader.HasBodyAsync(context))
            throw RequestException.Missing("body", "The body must be a JSON object with a filter and an action.");
        using var body = await bodies.ReadAsync(context);
        if (body is null) return;
        var fields = JsonFields.Root(body.Root);
        fields.RefuseUnknown(Fields);
        var action = ReadAction(fields);
        var priority = ReadPriority(fields, action);
        var threshold = ReadThreshold(fields, action);
        var given = fields.Object("filter");
        var (query, isEmpty) = BulkFilter.Read(given, operations);
        var all = fields.Flag("all") ?? false;
        if (isEmpty && !all)
            throw fields.Invalid("filter", "names nothing, so it means every job; send \"all\": true if that is what you want.");
        if (!isEmpty && all) throw fields.Invalid("all", "contradicts the filter; leave one of them out.");

        var filter = given is { } element ? JsonSerializer.Serialize(element) : "{}";
        var narrow = NewBulk.Narrow(context.Own(query), action);
        var (total, isExact) = narrow is null ? (0, true) : await CountAsync(engine, narrow, context.RequestAborted);
        if (fields.Flag("dry_run") ?? false)
        {
            await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
            {
                json.WriteStartObject();
                json.WriteString("action", WordOf(action));
                WriteFilter(json, filter);
                json.WriteNumber("total", total);
                json.WriteBoolean("total_is_exact", isExact);
                json.WriteEndObject();
            });
            return;
        }

        // Nothing can match: the operation is over with its first step.
        var asked = new NewBulk(
            Guid.CreateVersion7(), action, priority, filter, narrow ?? query with { OnlyIds = [] },
            CallerIdentity.Of(context.User)?.KeyName, total)
        {
            Threshold = threshold,
        };
        var bulk = await engine.StartBulkAsync(asked, context.RequestAborted);
        await audit.WriteAsync(
            context, "bulk", "bulk", bulk.Id, new { action = WordOf(action), priority, threshold, filter = given });
        context.Response.Headers.Location = $"/api/bulk/{bulk.Id}";
        await WriteAsync(context, StatusCodes.Status202Accepted, bulk);
    }

    private static async Task<(long Total, bool IsExact)> CountAsync(
        QueueEngine engine, JobQuery query, CancellationToken cancellationToken)
    {
        var page = await engine.Read.QueryJobsAsync(query.Counting(), cancellationToken);
        return (page.Total, page.IsTotalExact);
    }

    private static async Task ListAsync(HttpContext context, QueueEngine engine)
    {
        var asked = KeyedPage.Of(context);
        var found = await engine.Bulk.ListBulkAsync(asked.Before, asked.Wanted, context.RequestAborted);
        await asked.WriteAsync(context, found, bulk => bulk.Key, Write);
    }

    private static async Task ShowAsync(HttpContext context, QueueEngine engine, string id) =>
        await WriteAsync(context, StatusCodes.Status200OK, await GetAsync(context, engine, id));

    private static async Task StopAsync(HttpContext context, QueueEngine engine, AuditLog audit, string id)
    {
        var bulk = await GetAsync(context, engine, id);
        context.RequireOwn(bulk.AskedBy);
        if (await engine.StopBulkAsync(bulk.Id, context.RequestAborted)) await audit.WriteAsync(context, "stop", "bulk", bulk.Id);
        await WriteAsync(context, StatusCodes.Status200OK, await GetAsync(context, engine, id));
    }

    private static async Task<BulkOperation> GetAsync(HttpContext context, QueueEngine engine, string id) =>
        (Guid.TryParse(id, out var guid) ? await engine.Bulk.FindBulkAsync(guid, context.RequestAborted) : null)
        ?? throw RequestException.NotFound($"There is no bulk operation {id}; GET /api/bulk lists them.");

    private static BulkAction ReadAction(JsonFields fields)
    {
        if (fields.Text("action") is not { } word)
            throw RequestException.Missing("action", $"The body must name an action: {Excerpt.List([.. Actions.Select(WordOf)])}.");
        foreach (var action in Actions)
        {
            if (WordOf(action) == word) return action;
        }

        throw fields.Invalid("action", $"'{Excerpt.Of(word)}' is not valid; use {string.Join(", ", Actions.Select(WordOf))}.");
    }

    private static int? ReadPriority(JsonFields fields, BulkAction action)
    {
        if (action != BulkAction.Priority)
            return fields.Has("priority") ? throw fields.Invalid("priority", "belongs to the action priority; leave it out.") : null;
        return fields.Has("priority")
            ? JobSettings.ReadPriority(fields)
            : throw fields.Invalid("priority", "is needed for this action: a number from 0 to 9, higher first.");
    }

    private static double? ReadThreshold(JsonFields fields, BulkAction action) => action == BulkAction.Rematch
        ? fields.Number("threshold", 0, 1)
        : fields.Has("threshold") ? throw fields.Invalid("threshold", "belongs to the action rematch; leave it out.") : null;

    private static Task WriteAsync(HttpContext context, int status, BulkOperation bulk) =>
        WireJson.WriteAsync(context, status, json => Write(json, bulk));

    private static void Write(Utf8JsonWriter json, BulkOperation bulk)
    {
        json.WriteStartObject();
        json.WriteString("id", bulk.Id);
        json.WriteString("action", WordOf(bulk.Action));
        WriteFilter(json, bulk.Filter);
        json.WriteNumberOrNull("priority", bulk.Priority);
        json.WriteNumberOrNull("threshold", bulk.Threshold);
        json.WriteString("state", WordOf(bulk.State));
        json.WriteNumber("matched", bulk.Matched);
        json.WriteNumber("done", bulk.Done);
        json.WriteNumber("failed", bulk.Failed);
        json.WriteTime("created_at", bulk.CreatedAt);
        json.WriteTime("finished_at", bulk.FinishedAt);
        json.WriteString("asked_by", bulk.AskedBy);
        json.WriteString("error", bulk.Error);
        json.WriteEndObject();
    }

    private static void WriteFilter(Utf8JsonWriter json, string filter)
    {
        json.WritePropertyName("filter");
        json.WriteRawValue(filter);
    }

    private static string WordOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
