using StashAI.Gateway.Access;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Queue;

/// <summary>
/// <c>POST /api/queue/retry/{id}</c> (C-14): runs a failed or cancelled task again, or those of a job; <c>{"only":"failed"}</c> leaves
/// cancelled ones as they are.
/// </summary>
internal static class RetryRoutes
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/api/queue/retry/{id}", RetryAsync)
     .Describe(ControlDocs.Retry).Needs(ApiScope.Submit);

    private static async Task RetryAsync(
        HttpContext context, QueueEngine engine, IFileBatches batches, BodyReader bodies, AuditLog audit, TimeProvider clock, string id)
    {
        if (await ReadScopeAsync(context, bodies) is not { } withCancelled) return;
        var entry = await QueueLookup.GetAsync(engine.Read, id, context.RequestAborted);
        context.RequireOwn(entry.Job);
        await batches.RequireOpenAsync(entry.Job, context.RequestAborted);
        var dialect = DialectWords.Of(context, Dialect.Default);
        var retried = await RunAsync(engine, entry, withCancelled, context.RequestAborted);
        if (retried == 0) await batches.RequireOpenAsync(engine.Read, entry.Job, context.RequestAborted);
        await audit.WriteAsync(context, "retry", entry.Ordinal is null ? "job" : "task", id, new { tasks = retried });
        var job = (await engine.Read.FindJobsAsync([entry.Job.Key], context.RequestAborted))[0];
        var task = entry.Ordinal is null ? null : (await engine.Read.FindTasksAsync([entry.TaskKey], false, context.RequestAborted))[0];
        var status = task is null ? DialectWords.Status(job.State) : DialectWords.Status(task.State, dialect);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("kind", task is null ? "job" : "task");
            if (task is not null) json.WriteString("task_id", TaskKey.TaskId(job.JobId, task.Ordinal));
            json.WriteString("job_id", job.JobId);
            json.WriteBoolean("retried", retried > 0);
            json.WriteNumber("retried_tasks", retried);
            // A retry by a person resets the number of attempts.
            if (task is not null)
            {
                json.WriteNumber("attempt", TaskStateMachine.IsTerminal(task.State) ? task.Attempt : Math.Max(1, task.Attempt));
            }

            json.WriteNumber("max_attempts", job.MaxAttempts);
            json.WriteString("message", Message(retried, status, withCancelled));
            json.WriteString("status", status);
            json.WriteTime("timestamp", clock.GetUtcNow());
            json.WriteEndObject();
        });
    }

    private static async Task<int> RunAsync(QueueEngine engine, QueueEntry entry, bool withCancelled, CancellationToken cancellationToken)
    {
        if (entry.Ordinal is null) return (await engine.RetryJobAsync(entry.Job.Key, withCancelled, cancellationToken)).Retried;
        var task = (await engine.Read.FindTasksAsync([entry.TaskKey], false, cancellationToken))[0];
        return task.State == TaskState.Failed || withCancelled
            ? (await engine.RetryTaskAsync(entry.TaskKey, cancellationToken)).Retried
            : 0;
    }

    /// <summary>Reads whether to retry cancelled tasks too; null when the request was already answered.</summary>
    private static async Task<bool?> ReadScopeAsync(HttpContext context, BodyReader bodies)
    {
        if (!await BodyReader.HasBodyAsync(context)) return true;
        using var body = await bodies.ReadAsync(context);
        if (body is null) return null;
        var fields = JsonFields.Root(body.Root);
        fields.RefuseUnknown("only");
        return fields.Text("only") switch
        {
            null or "all" => true,
            "failed" => false,
            var other => throw RequestException.Invalid("only", $"'{other}' is not valid; use failed, or all for cancelled tasks too."),
        };
    }

    private static string Message(int retried, string status, bool withCancelled) => retried switch
    {
        0 => $"Nothing to retry: it is {status}, and no task of it {(withCancelled ? "failed or was cancelled" : "failed")}.",
        1 => "1 task is queued again.",
        _ => $"{retried} tasks are queued again.",
    };
}
