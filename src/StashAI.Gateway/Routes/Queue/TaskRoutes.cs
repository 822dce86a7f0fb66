using System.Text.Json;
using StashAI.Gateway.Access;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Queue;

/// <summary><c>/api/queue/task/{id}</c>: one task, and its input as uploaded.</summary>
internal static class TaskRoutes
{
    /// <summary>Only the newest attempts are shown, because throttling may cause thousands.</summary>
    private const int MaxAttempts = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/queue/task/{id}", ShowAsync)
            .Describe(QueueDocs.Task).Needs(ApiScope.Read);
        routes.MapGet("/api/queue/task/{id}/input/{slot}", InputAsync)
            .Describe(QueueDocs.Input).Needs(ApiScope.Read);
    }

    private static async Task ShowAsync(HttpContext context, IRead store, JobParts parts, string id)
    {
        var entry = await GetTaskAsync(store, id, context.RequestAborted);
        var task = (await store.FindTasksAsync([entry.TaskKey], withOutput: true, context.RequestAborted))[0];
        var attempts = await store.ListAttemptsAsync(entry.TaskKey, MaxAttempts, context.RequestAborted);
        var dialect = DialectWords.Of(context, Dialect.Plugin);
        var detail = InputDetails.Of(context.Request, InputDetail.Full);
        var shown = await PictureLinks.ForAsync(context);
        context.Response.ContentType = "application/json; charset=utf-8";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter, WireJson.Options);
        using var inputs = new TaskInputWriter(context, store, parts, json, entry.Job);
        json.WriteStartObject();
        TaskJson.WriteFields(json, entry.Job, task, dialect);
        json.WriteRaw("output_json", shown.Of(entry.Job, task).Output);
        await inputs.WriteAsync(task, detail, context.RequestAborted);
        AttemptJson.WriteList(json, attempts);
        json.WriteEndObject();
    }

    private static async Task InputAsync(HttpContext context, IRead store, JobParts parts, string id, string slot)
    {
        var entry = await GetTaskAsync(store, id, context.RequestAborted);
        var payloads = await store.ListPayloadsAsync(entry.TaskKey, context.RequestAborted);
        var payload = payloads.FirstOrDefault(part => part.Slot == slot)
            ?? (await parts.ReadAsync(entry.Job, context.RequestAborted)).FirstOrDefault(part => part.Slot == slot)
            ?? throw RequestException.NotFound($"Task {id} has no input named {slot}.");

        // A client may upload anything: browsers must never run it as a page of this server.
        context.Response.ContentType = "application/octet-stream";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.ContentLength = payload.Size;
        await foreach (var piece in store.ReadPayloadAsync(payload.Key, payload.Size, context.RequestAborted))
            await context.Response.BodyWriter.WriteAsync(piece, context.RequestAborted);
    }

    private static async Task<QueueEntry> GetTaskAsync(IRead store, string id, CancellationToken cancellationToken)
    {
        var entry = await QueueLookup.FindAsync(store, id, cancellationToken);
        return entry is { Ordinal: not null } found ? found : throw RequestException.NotFound($"There is no task {id}.");
    }
}
