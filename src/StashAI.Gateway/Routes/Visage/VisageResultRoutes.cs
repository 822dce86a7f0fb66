using System.Text.Json;
using StashAI.Adapters.Visage;
using StashAI.Gateway.Access;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Visage;

/// <summary><c>/api/visage/job/{id}/results</c> and <c>/api/visage/task/{id}/result</c>: the answers of Visage, with figures.</summary>
internal static class VisageResultRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/visage/job/{id}/results", JobAsync)
            .Describe(VisageDocs.Results).Needs(ApiScope.Read);
        routes.MapGet("/api/visage/task/{id}/result", TaskAsync)
            .Describe(VisageDocs.TaskResult).Needs(ApiScope.Read);
    }

    private static Task JobAsync(HttpContext context, IRead store, DownloadRoom room, string id) =>
        context.AnswerOrCutAsync(WriteJobAsync(context, store, room, id));

    private static async Task WriteJobAsync(HttpContext context, IRead store, DownloadRoom room, string id)
    {
        var job = await QueueLookup.GetJobAsync(store, id, context.RequestAborted);
        CheckService(job, $"job {id}");
        job = await AggregateNames.AddAsync(store, job, context.RequestAborted);
        context.Response.ContentType = WireJson.ContentType;
        var pipe = context.Response.BodyWriter;
        await using var json = WireJson.Begin(context);
        json.WriteStartObject();
        json.WriteString("job_id", job.JobId);
        json.WriteStartObject("job_info");
        JobJson.WriteFields(json, job, context.Request);
        JobJson.WriteTaskIds(json, job.JobId, job.Counters.Total);
        json.WriteEndObject();
        json.WriteNumber("total_results", job.Counters.Completed + job.Counters.Failed);
        json.WriteStartArray("visage_results");
        var request = new VisageRequestFields(job);
        var shown = await PictureLinks.ForAsync(context);
        await foreach (var tasks in store.ReadResultsAsync(room, job, 0, job.Counters.Total, context.RequestAborted))
        {
            foreach (var task in tasks)
            {
                if (task.State is TaskState.Completed or TaskState.Failed) VisageResultJson.Write(json, job, shown.Of(job, task), request);
                await json.FlushAsync(context.RequestAborted);
                if (!await pipe.SendPieceAsync(context.RequestAborted)) return;
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static async Task TaskAsync(HttpContext context, IRead store, JobParts parts, string id)
    {
        var entry = await QueueLookup.GetAsync(store, id, context.RequestAborted);
        if (entry.Ordinal is null) throw RequestException.NotFound($"{id} is a job: GET /api/visage/job/{id}/results has its results.");
        CheckService(entry.Job, $"task {id}");
        var shown = await PictureLinks.ForAsync(context);
        var task = shown.Of(entry.Job, (await store.FindTasksAsync([entry.TaskKey], withOutput: true, context.RequestAborted))[0]);
        var dialect = DialectWords.Of(context, Dialect.Plugin);
        var detail = InputDetails.Of(context.Request, InputDetail.Full);
        context.Response.ContentType = WireJson.ContentType;
        await using var json = WireJson.Begin(context);
        using var inputs = new TaskInputWriter(context, store, parts, json, entry.Job);
        json.WriteStartObject();
        json.WriteString("task_id", TaskKey.TaskId(entry.Job.JobId, task.Ordinal));
        json.WriteStartObject("task_info");
        TaskJson.WriteFields(json, entry.Job, task, dialect);
        json.WriteRaw("output_json", task.Output);
        await inputs.WriteAsync(task, detail, context.RequestAborted);
        json.WriteEndObject();
        json.WritePropertyName("visage_result");
        if (task.State is TaskState.Completed or TaskState.Failed)
        {
            VisageResultJson.Write(json, entry.Job, task, new VisageRequestFields(entry.Job));
        }
        else
        {
            json.WriteNullValue();
        }

        json.WriteEndObject();
    }

    public static void CheckService(JobView job, string what)
    {
        if (job.Service != VisageAdapter.Name)
        {
            throw RequestException.NotFound(
                $"The {what} is none of Visage's but of {job.Service}: GET /api/queue/status/{{id}} has its results.");
        }
    }
}
