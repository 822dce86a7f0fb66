using StashAI.Gateway.Access;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Links;
using StashAI.Gateway.Wire.Queue;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Queue;

/// <summary><c>GET /api/queue/tasks</c>: tasks over all jobs, including single tasks, or of one job.</summary>
internal static class TaskListRoutes
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/api/queue/tasks", ListAsync)
     .Describe(QueueDocs.Tasks).Needs(ApiScope.Read);

    private static async Task ListAsync(HttpContext context, IRead store, JobParts parts)
    {
        var query = context.Request.Query;
        var limit = query.Number(ParameterDoc.Limit, 100);
        var offset = query.Number(ParameterDoc.ShortOffset, 0);
        var jobId = query.Text(QueueDocs.OfJob);
        var dialect = DialectWords.Of(context, Dialect.Plugin);
        var detail = InputDetails.Of(context.Request, InputDetail.Reference);
        var only = jobId is null ? null : await QueueLookup.GetJobAsync(store, jobId, context.RequestAborted);
        var filter = new TaskFilter(
            DialectWords.ParseTaskStates(query.Text(ParameterDoc.Status)), query.Text(ParameterDoc.Adapter), only?.Key, limit, offset);
        var page = await store.ListTasksAsync(filter, context.RequestAborted);
        var keys = page.Tasks.Select(task => TaskKey.JobOf(task.Key)).Distinct().ToList();
        var jobs = (await store.FindJobsAsync(keys, context.RequestAborted)).ToDictionary(job => job.Key);

        var payloads = await TaskInputWriter.LookAsync(store, page.Tasks, detail, context.RequestAborted);
        context.Response.ContentType = WireJson.ContentType;
        await using var json = WireJson.Begin(context);
        json.WriteStartObject();
        json.WriteStartArray("tasks");
        using var inputs = new JobInputs(context, store, parts, json);
        foreach (var task in page.Tasks)
        {
            // A job may be removed between the two reads.
            if (!jobs.TryGetValue(TaskKey.JobOf(task.Key), out var job)) continue;
            json.WriteStartObject();
            TaskJson.WriteFields(json, job, task, dialect);
            await inputs.Of(job).WriteAsync(task, detail, payloads[task.Key], context.RequestAborted);
            json.WriteString(
                "output_url", task.State == TaskState.Completed
                    ? context.Request.LinkTo($"/api/queue/task/{TaskKey.TaskId(job.JobId, task.Ordinal)}")
                    : null);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("total_count", page.TotalCount);
        json.WriteNumber("limit", limit);
        json.WriteNumber("offset", offset);
        json.WriteBoolean("has_more", page.HasMore);
        json.WriteEndObject();
    }
}
