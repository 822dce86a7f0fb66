using StashAI.Gateway.Access;
using StashAI.Gateway.Routes.Interactions;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Queue;

/// <summary><c>/api/queue/status/{id}</c> and <c>/api/queue/cancel/{id}</c>, for the id of a task or a job.</summary>
internal static class StatusRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/queue/status/{id}", StatusAsync)
            .Describe(QueueDocs.Status).Needs(ApiScope.Read);
        routes.MapPost("/api/queue/cancel/{id}", CancelAsync)
            .Describe(ControlDocs.Cancel).Needs(ApiScope.Submit);
    }

    private static async Task StatusAsync(
        HttpContext context, IRead store, DownloadRoom room, RecordStatus records, JobAnswer answers, JobWaiter waiter, string id)
    {
        if (await QueueLookup.FindAsync(store, id, context.RequestAborted) is not { } entry)
        {
            if (!await records.TryWriteAsync(context, id)) throw QueueLookup.Unknown(id);
            return;
        }

        var dialect = DialectWords.Of(context, Dialect.Default);
        if (Preference.WaitOf(context.Request) is { } wait && !JobStateMachine.IsTerminal(entry.Job.State))
        {
            Preference.Applied(context.Response, wait);
            if (await waiter.WaitAsync(entry.Job.JobId, wait, context.RequestAborted) is { } later) entry = entry with { Job = later };
        }

        if (entry.Ordinal is null && Ndjson.IsWanted(context.Request)) await Ndjson.WriteAsync(context, store, room, entry.Job, dialect);
        else if (entry.Ordinal is null) await ResultRoutes.WritePageAsync(context, answers, entry.Job, dialect);
        else await JobAnswer.WriteAsync(context, entry.Job, await GetTaskAsync(store, entry, context.RequestAborted), dialect);
    }

    private static async Task<TaskView> GetTaskAsync(IRead store, QueueEntry entry, CancellationToken cancellationToken) =>
        (await store.FindTasksAsync([entry.TaskKey], withOutput: true, cancellationToken))[0];

    private static async Task CancelAsync(
        HttpContext context, QueueEngine engine, RecordStatus records, AuditLog audit, TimeProvider clock, string id)
    {
        if (await QueueLookup.FindAsync(engine.Read, id, context.RequestAborted) is not { } entry)
        {
            if (!await records.TryRefuseCancelAsync(context, id)) throw QueueLookup.Unknown(id);
            return;
        }

        context.RequireOwn(entry.Job);
        var dialect = DialectWords.Of(context, Dialect.Default);
        var result = entry.Ordinal is null
            ? await engine.CancelJobAsync(entry.Job.Key, context.RequestAborted)
            : await engine.CancelTaskAsync(entry.TaskKey, context.RequestAborted);
        var count = result.Cancelled + result.AbortRequested.Count;
        await audit.WriteAsync(context, "cancel", entry.Ordinal is null ? "job" : "task", id, new { tasks = count });
        var job = (await engine.Read.FindJobsAsync([entry.Job.Key], context.RequestAborted))[0];
        var status = entry.Ordinal is null
            ? DialectWords.Status(job.State)
            : DialectWords.Status((await engine.Read.FindTasksAsync([entry.TaskKey], false, context.RequestAborted))[0].State, dialect);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("kind", entry.Ordinal is null ? "job" : "task");
            json.WriteString(entry.Ordinal is null ? "job_id" : "task_id", id);
            json.WriteBoolean("cancelled", count > 0);
            json.WriteNumber("cancelled_tasks", result.Cancelled);
            json.WriteNumber("cancelling_tasks", result.AbortRequested.Count);
            json.WriteString("message", Message(result, status));
            json.WriteString("status", status);
            json.WriteTime("timestamp", clock.GetUtcNow());
            json.WriteEndObject();
        });
    }

    private static string Message(CancelResult result, string status) => (result.Cancelled, result.AbortRequested.Count) switch
    {
        (0, 0) => $"Nothing to cancel: it is {status}.",
        (var waiting, 0) => $"{Tasks(waiting)} cancelled.",
        (0, var running) => $"{Tasks(running)} running: the call is being aborted.",
        var (waiting, running) => $"{Tasks(waiting)} cancelled; {Tasks(running)} running: the calls are being aborted.",
    };

    private static string Tasks(int count) => count == 1 ? "1 task" : $"{count} tasks";
}
