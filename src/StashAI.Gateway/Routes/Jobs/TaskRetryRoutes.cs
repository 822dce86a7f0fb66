using StashAI.Gateway.Access;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Hosting.Problems;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary><c>POST /api/tasks/{id}/retry</c>: runs a task again, also with an edited input.</summary>
internal static class TaskRetryRoutes
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/tasks/{id}/retry", RetryAsync).Describe(JobDocs.RetryTask).Needs(ApiScope.Submit);

    private static async Task RetryAsync(
        HttpContext context, QueueEngine engine, IFileBatches batches, BodyReader bodies, EditedInput edits, AuditLog audit,
        Operations operations, string id)
    {
        using var body = await BodyReader.HasBodyAsync(context) ? await bodies.ReadAsync(context) : null;
        if (body is null && context.Response.HasStarted) return;
        if (body is not null) JsonFields.Root(body.Root).RefuseUnknown("input");
        if (await QueueLookup.FindAsync(engine.Read, id, context.RequestAborted) is not { Ordinal: not null } entry)
            throw RequestException.NotFound($"There is no task {id}; GET /api/tasks lists the tasks.");
        context.RequireOwn(entry.Job);
        await batches.RequireOpenAsync(entry.Job, context.RequestAborted);
        var task = (await engine.Read.FindTasksAsync([entry.TaskKey], withOutput: false, context.RequestAborted))[0];
        ReadOnlyMemory<byte>? input = null;
        if (body is not null && body.Root.TryGetProperty("input", out var given))
        {
            var parts = (await engine.Read.ListPayloadsAsync([entry.TaskKey], context.RequestAborted))[entry.TaskKey];
            var before = await ReadBeforeAsync(engine.Read, task, context.RequestAborted);
            input = edits.Check(entry.Job, given, before, [.. parts.Select(part => part.Slot)]);
        }

        var retried = input is { } edited
            ? await engine.RetryTaskAsync(entry.TaskKey, edited, context.RequestAborted)
            : await engine.RetryTaskAsync(entry.TaskKey, context.RequestAborted);
        task = (await engine.Read.FindTasksAsync([entry.TaskKey], withOutput: false, context.RequestAborted))[0];
        if (retried.Retried == 0)
        {
            await batches.RequireOpenAsync(engine.Read, entry.Job, context.RequestAborted);
            throw new RequestException(Problem.Conflict(
                $"The task is {DialectWords.State(task.State)}: only a task that failed or was cancelled runs again. "
                + "POST /api/jobs/{id}/rerun makes a new job of items that completed."));
        }

        await audit.WriteAsync(context, "retry", "task", id, new { edited = input is not null });
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            EntryJson.WriteTask(json, entry.Job, task, operations);
            json.WriteEndObject();
        });
    }

    /// <summary>The input that a task has; nothing when its bytes are lost, so that a new one can take its place.</summary>
    private static async Task<ReadOnlyMemory<byte>> ReadBeforeAsync(IRead store, TaskView task, CancellationToken cancellationToken)
    {
        try
        {
            return await store.ReadInputAsync(task, cancellationToken);
        }
        catch (PayloadLostException)
        {
            return default;
        }
    }
}
