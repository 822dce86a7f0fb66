using StashAI.Queue.Engine;
using StashAI.Queue.Model;
using StashAI.Queue.Store;
using StashAI.Server.Api.Wire;

namespace StashAI.Server.Api.Queue;

/// <summary>`/api/queue/status/{id}` and `/api/queue/cancel/{id}`: for a task or a job, whichever the id names.</summary>
internal static class StatusRoutes
{
    private const int DefaultResults = 100;
    private const int MaxResults = 1000;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/queue/status/{id}", StatusAsync);
        routes.MapPost("/api/queue/cancel/{id}", CancelAsync);
    }

    private static async Task StatusAsync(HttpContext context, IRead store, string id)
    {
        var entry = await QueueLookup.GetAsync(store, id, context.RequestAborted);
        var dialect = DialectWords.Of(context, Dialect.Default);
        if (entry.Ordinal is null) await WriteJobAsync(context, store, entry.Job, dialect);
        else await WriteTaskAsync(context, store, entry, dialect);
    }

    private static async Task WriteTaskAsync(HttpContext context, IRead store, QueueEntry entry, Dialect dialect)
    {
        var task = (await store.FindTasksAsync([entry.TaskKey], withOutput: true, context.RequestAborted))[0];
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("kind", "task");
            TaskJson.WriteFields(json, entry.Job, task, dialect);
            json.WriteRaw("output_json", task.Output);
            json.WriteEndObject();
        });
    }

    private static async Task WriteJobAsync(HttpContext context, IRead store, JobView job, Dialect dialect)
    {
        var limit = QueryNumber.Read(context.Request.Query, "limit", DefaultResults, 0, MaxResults);
        var offset = QueryNumber.Read(context.Request.Query, "offset", 0, 0, int.MaxValue);
        var tasks = limit == 0 ? [] : await store.ListTasksAsync(job.Key, offset, limit, withOutput: true, context.RequestAborted);
        var next = tasks.Count == 0 ? offset : tasks[^1].Ordinal + 1;
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("kind", "job");
            JobJson.WriteFields(json, job);
            json.WriteNumber("progress", job.Counters.ProgressPercentage);
            json.WriteStartArray("results");
            foreach (var task in tasks)
            {
                if (!TaskStateMachine.IsTerminal(task.State)) continue;
                json.WriteStartObject();
                TaskJson.WriteState(json, job, task, dialect);
                json.WriteNumber("batch_index", task.Ordinal);
                json.WriteRaw("output_json", task.Output);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WritePropertyName("results_next_offset");
            if (next < job.Counters.Total) json.WriteNumberValue(next);
            else json.WriteNullValue();
            json.WriteEndObject();
        });
    }

    private static async Task CancelAsync(HttpContext context, QueueEngine engine, TimeProvider clock, string id)
    {
        var entry = await QueueLookup.GetAsync(engine.Read, id, context.RequestAborted);
        var dialect = DialectWords.Of(context, Dialect.Default);
        var result = entry.Ordinal is null
            ? await engine.CancelJobAsync(entry.Job.Key, context.RequestAborted)
            : await engine.CancelTaskAsync(entry.TaskKey, context.RequestAborted);
        var count = result.Cancelled + result.Flagged.Count;
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
            json.WriteNumber("cancelling_tasks", result.Flagged.Count);
            json.WriteString("message", Message(result, status));
            json.WriteString("status", status);
            json.WriteTime("timestamp", clock.GetUtcNow());
            json.WriteEndObject();
        });
    }

    private static string Message(CancelResult result, string status) => (result.Cancelled, result.Flagged.Count) switch
    {
        (0, 0) => $"Nothing to cancel: it is {status}.",
        (var waiting, 0) => $"{Tasks(waiting)} cancelled.",
        (0, var running) => $"{Tasks(running)} running: the call is being aborted.",
        var (waiting, running) => $"{Tasks(waiting)} cancelled; {Tasks(running)} running: the calls are being aborted.",
    };

    private static string Tasks(int count) => count == 1 ? "1 task" : $"{count} tasks";
}
