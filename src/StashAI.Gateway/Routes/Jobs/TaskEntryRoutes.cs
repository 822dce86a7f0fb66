using StashAI.Gateway.Access;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary><c>GET /api/jobs/{id}/tasks</c>, <c>GET /api/tasks</c> and <c>GET /api/tasks/{id}</c>.</summary>
internal static class TaskEntryRoutes
{
    /// <summary>A service that throttles all day makes thousands of attempts: the newest are shown.</summary>
    private const int MaxAttempts = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/jobs/{id}/tasks", ListOfJobAsync).Describe(JobDocs.Tasks).Needs(ApiScope.Read);
        routes.MapGet("/api/tasks", ListAsync).Describe(JobDocs.AllTasks).Needs(ApiScope.Read);
        routes.MapGet("/api/tasks/{id}", ShowAsync).Describe(JobDocs.ShowTask).Needs(ApiScope.Read);
    }

    private static async Task ListOfJobAsync(HttpContext context, IRead store, Operations operations, string id)
    {
        var query = context.Request.Query;
        var job = await QueueLookup.GetJobAsync(store, id, context.RequestAborted);
        await WriteAsync(context, store, operations, Filter(query) with { JobKey = job.Key, Text = query.Text(JobDocs.TaskText) });
    }

    private static Task ListAsync(HttpContext context, IRead store, Operations operations) =>
        WriteAsync(
            context, store, operations,
            Filter(context.Request.Query) with { Service = context.Request.Query.Text(JobDocs.OfService) });

    private static TaskQuery Filter(IQueryCollection query) => new()
    {
        States = StateFilter.Tasks(query),
        Fingerprint = JobQueries.FingerprintOf(query),
        LeastAttempts = query.Number(JobDocs.LeastAttempts, 0),
        Limit = query.Number(ParameterDoc.Limit, 100),
        After = PageCursor.Read(query),
    };

    private static async Task WriteAsync(HttpContext context, IRead store, Operations operations, TaskQuery query)
    {
        var page = await store.QueryTasksAsync(query, context.RequestAborted);
        var keys = page.Tasks.Select(task => TaskKey.JobOf(task.Key)).Distinct().ToList();
        var jobs = (await store.FindJobsAsync(keys, context.RequestAborted)).ToDictionary(job => job.Key);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            foreach (var task in page.Tasks)
            {
                // A job may be removed between the two reads.
                if (!jobs.TryGetValue(TaskKey.JobOf(task.Key), out var job)) continue;
                json.WriteStartObject();
                EntryJson.WriteTask(json, job, task, operations);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            EntryJson.WriteEnd(json, page.Next is { } next ? PageCursor.Write(next) : null, page.Total, page.IsTotalExact);
            json.WriteEndObject();
        });
    }

    private static async Task ShowAsync(HttpContext context, IRead store, JobParts parts, Operations operations, string id)
    {
        if (await QueueLookup.FindAsync(store, id, context.RequestAborted) is not { Ordinal: not null } entry)
            throw RequestException.NotFound($"There is no task {id}; GET /api/tasks lists the tasks.");
        var task = (await store.FindTasksAsync([entry.TaskKey], withOutput: true, context.RequestAborted))[0];
        var attempts = await store.ListAttemptsAsync(entry.TaskKey, MaxAttempts, context.RequestAborted);
        var first = await store.FindFirstInputAsync(entry.TaskKey, context.RequestAborted);
        var detail = InputDetails.Of(context.Request, InputDetail.Reference);
        var shown = await PictureLinks.ForAsync(context);
        context.Response.ContentType = WireJson.ContentType;
        await using var json = WireJson.Begin(context);
        using var inputs = new TaskInputWriter(context, store, parts, json, entry.Job);
        json.WriteStartObject();
        EntryJson.WriteTask(json, entry.Job, task, operations);
        await inputs.WriteAsync(task, detail, context.RequestAborted);
        if (first is not null) json.WriteRaw("first_input", first.Length == 0 ? "null"u8.ToArray() : first);
        json.WriteRaw("result", shown.Of(entry.Job, task).Output);
        AttemptJson.WriteList(json, attempts);
        json.WriteEndObject();
    }
}
