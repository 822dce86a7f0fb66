using StashAI.Gateway.Access;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Policies.Failures;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary><c>GET /api/jobs/{id}/failures</c>, and <c>/retry</c> and <c>/skip</c> of one group.</summary>
internal static class FailureRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/jobs/{id}/failures", ListAsync).Describe(JobDocs.Failures).Needs(ApiScope.Read);
        routes.MapPost("/api/jobs/{id}/failures/{fingerprint}/retry", RetryAsync).Describe(JobDocs.RetryFailures).Needs(ApiScope.Submit);
        routes.MapPost("/api/jobs/{id}/failures/{fingerprint}/skip", SkipAsync).Describe(JobDocs.SkipFailures).Needs(ApiScope.Submit);
    }

    private static async Task ListAsync(HttpContext context, IRead store, string id)
    {
        var job = await QueueLookup.GetJobAsync(store, id, context.RequestAborted);
        var groups = await store.ListFailuresAsync(job, context.RequestAborted);
        var known = await ItemNames.ReadKnownAsync(store, groups.SelectMany(group => group.Examples), context.RequestAborted);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            foreach (var group in groups)
            {
                json.WriteStartObject();
                json.WriteString("fingerprint", group.Fingerprint is { } fingerprint ? Failure.Text(fingerprint) : null);
                json.WriteString("error_kind", ErrorWords.Of(group.Kind));
                json.WriteNumberOrNull("http_status", group.HttpStatus);
                json.WriteString("pattern", group.Pattern);
                json.WriteString("message", group.Message);
                json.WriteNumber("count", group.Count);
                json.WriteTime("first_at", group.FirstAt);
                json.WriteTime("last_at", group.LastAt);
                json.WriteStartArray("examples");
                foreach (var example in group.Examples) json.WriteStringValue(TaskKey.TaskId(job.JobId, TaskKey.OrdinalOf(example)));
                json.WriteEndArray();
                json.WriteStartArray("example_names");
                foreach (var example in group.Examples)
                    json.WriteStringValue(known.TryGetValue(example, out var item) ? item.Name.Text ?? item.Text : null);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndArray();
            EntryJson.WriteEnd(json, null, groups.Count, groups.Count < IRead.MaxFailureGroups);
            json.WriteEndObject();
        });
    }

    private static Task RetryAsync(
        HttpContext context, QueueEngine engine, IFileBatches batches, AuditLog audit, string id, string fingerprint) => ChangeAsync(
        context, engine, batches, audit, BulkAction.Retry, id, fingerprint,
        count => count switch { 0 => "Nothing to retry.", 1 => "1 task is queued again.", _ => $"{count} tasks are queued again." });

    private static Task SkipAsync(
        HttpContext context, QueueEngine engine, IFileBatches batches, AuditLog audit, string id, string fingerprint) => ChangeAsync(
        context, engine, batches, audit, BulkAction.Skip, id, fingerprint,
        count => count switch { 0 => "Nothing to skip.", 1 => "1 task is skipped.", _ => $"{count} tasks are skipped." });

    private static async Task ChangeAsync(
        HttpContext context, QueueEngine engine, IFileBatches batches, AuditLog audit, BulkAction action, string id, string fingerprint,
        Func<int, string> message)
    {
        var group = JobQueries.FingerprintOf(fingerprint, JobDocs.Fingerprint.Name);
        var job = await QueueLookup.GetJobAsync(engine.Read, id, context.RequestAborted);
        context.RequireOwn(job);
        await batches.RequireOpenAsync(job, context.RequestAborted);
        if (await engine.Read.FindFailureAsync(job.Key, group, context.RequestAborted) is null)
            throw RequestException.NotFound($"The job {id} has no failures {fingerprint} now; GET /api/jobs/{id}/failures lists them.");
        var changed = await engine.ChangeFailuresAsync(job, group, action, context.KeyName(), context.RequestAborted);
        await audit.WriteAsync(
            context, action == BulkAction.Retry ? "retry" : "skip", "job", job.JobId, new { fingerprint, tasks = changed });
        var after = await engine.Read.FindJobsAsync([job.Key], context.RequestAborted) is [var now] ? now : job;
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("job_id", job.JobId);
            json.WriteString("fingerprint", Failure.Text(group));
            json.WriteNumber("tasks", changed);
            json.WriteString("state", DialectWords.State(after.State));
            json.WriteString("message", message(changed));
            json.WriteEndObject();
        });
    }
}
