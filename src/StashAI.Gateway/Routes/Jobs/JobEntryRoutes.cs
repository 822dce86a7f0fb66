using StashAI.Gateway.Access;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Gateway.Wire.Secrets;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary><c>GET /api/jobs</c> and <c>GET /api/jobs/{id}</c>.</summary>
internal static class JobEntryRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/jobs", ListAsync).Describe(JobDocs.List).Needs(ApiScope.Read);
        routes.MapGet("/api/jobs/{id}", ShowAsync).Describe(JobDocs.Show).Needs(ApiScope.Read);
    }

    /// <summary>Writes a job without its tasks.</summary>
    public static async Task WriteAsync(HttpContext context, IRead store, JobView job, JobDetailReader details)
    {
        job = await AggregateNames.AddAsync(store, job, context.RequestAborted);
        var detail = await details.ReadAsync(job, context.RequestAborted);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            EntryJson.WriteJob(json, job, details.Operations, detail.Pace);
            json.WriteRaw("config", SecretVault.Hide(job.Config));
            AggregateJson.Write(json, job, context.Request);
            JobJson.WriteErrors(json, job.Errors);
            json.WriteNumber("input_bytes", job.PayloadBytes);
            json.WriteNumber("processing_ms", Math.Round(job.ProcessingTime.TotalMilliseconds, 3));
            json.WriteNumberOrNull("lane_tasks_per_second", detail.Outlook?.PerSecond);
            json.WriteNumberOrNull("tasks_ahead", detail.Outlook?.Ahead);
            WaitJson.Write(json, detail.Wait);
            json.WriteString("batch_id", detail.Batch);
            json.WriteEndObject();
        });
    }

    private static async Task ListAsync(HttpContext context, IRead store, Operations operations, JobPaces paces)
    {
        var query = JobQueries.Read(context.Request.Query, operations);
        var page = await store.QueryJobsAsync(query, context.RequestAborted);
        var found = await paces.ReadAsync(page.Jobs, context.RequestAborted);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            foreach (var job in page.Jobs)
            {
                json.WriteStartObject();
                EntryJson.WriteJob(json, job, operations, found[job.Key]);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            EntryJson.WriteEnd(
                json, page.Next is { } next ? JobCursor.Write(query.Order, next) : null, page.Total, page.IsTotalExact);
            json.WriteEndObject();
        });
    }

    private static async Task ShowAsync(HttpContext context, IRead store, JobDetailReader details, string id) =>
        await WriteAsync(context, store, await QueueLookup.GetJobAsync(store, id, context.RequestAborted), details);
}
