using System.Text.Json;
using StashAI.Gateway.Access;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Hosting.Problems;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Rematches;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary><c>/api/jobs/{id}/rematch</c>: judges the results of an ended job again, as a bulk operation of one job.</summary>
internal static class RematchRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/jobs/{id}/rematch", StartAsync).Describe(RematchDocs.Start).Needs(ApiScope.Submit);
        routes.MapGet("/api/jobs/{id}/rematch", ShowAsync).Describe(RematchDocs.Show).Needs(ApiScope.Read);
    }

    private static async Task StartAsync(HttpContext context, QueueEngine engine, BodyReader bodies, AuditLog audit, string id)
    {
        using var body = await BodyReader.HasBodyAsync(context) ? await bodies.ReadAsync(context) : null;
        if (body is null && context.Response.HasStarted) return;
        double? threshold = null;
        if (body is not null)
        {
            var fields = JsonFields.Root(body.Root);
            fields.RefuseUnknown("threshold");
            threshold = fields.Number("threshold", 0, 1);
        }

        var job = await QueueLookup.GetJobAsync(engine.Read, id, context.RequestAborted);
        context.RequireOwn(job);
        if (await engine.Results.RefuseRematchAsync(job, context.RequestAborted) is { } refusal)
            throw new RequestException(Problem.Conflict(refusal));
        var (progress, bulk) = await BeginAsync(engine, job, threshold, context.KeyName(), awaitsEnd: false, context.RequestAborted);
        await audit.WriteAsync(context, "rematch", "job", job.JobId, new { threshold });
        context.Response.Headers.Location = $"/api/jobs/{job.JobId}/rematch";
        await WriteAsync(context, StatusCodes.Status202Accepted, job, progress, bulk);
    }

    private static async Task ShowAsync(HttpContext context, QueueEngine engine, string id)
    {
        var job = await QueueLookup.GetJobAsync(engine.Read, id, context.RequestAborted);
        var found = await WorkOnJob.ReadAsync(
            () => engine.Results.Rematches.FindRematchAsync(job.Key, context.RequestAborted), work => work.IsOver, work => work.BulkKey,
            key => WorkOnJob.FindBulkAsync(engine, key, context.RequestAborted));
        await WriteAsync(context, StatusCodes.Status200OK, job, found?.Work, found?.Bulk);
    }

    /// <summary>Stores that the results of a job are judged again. From then on it goes through, whether or not the client waits.</summary>
    /// <param name="engine">The queue.</param>
    /// <param name="job">The job.</param>
    /// <param name="threshold">The threshold that replaces those of the job and its items; null to keep them.</param>
    /// <param name="askedBy">The name of the caller's API key; null without one.</param>
    /// <param name="awaitsEnd">True to wait for the end of a job that runs again.</param>
    /// <param name="cancellationToken">Ends the wait, before it is stored.</param>
    public static async Task<(RematchProgress? Progress, BulkOperation Bulk)> BeginAsync(
        QueueEngine engine, JobView job, double? threshold, string? askedBy, bool awaitsEnd, CancellationToken cancellationToken)
    {
        var query = new JobQuery { Limit = 1, OnlyIds = [job.JobId], AwaitsEnd = awaitsEnd };
        var filter = JsonSerializer.Serialize(new { ids = new[] { job.JobId } });
        var bulk = await engine.StartBulkAsync(
            new NewBulk(Guid.CreateVersion7(), BulkAction.Rematch, null, filter, query, askedBy, 1) { Threshold = threshold },
            cancellationToken);
        // It begins here, so that the next request sees it.
        var (progress, _) = await engine.Results.Rematches.BeginRematchAsync(job.Key, bulk, CancellationToken.None);
        return (progress, bulk);
    }

    private static Task WriteAsync(HttpContext context, int status, JobView job, RematchProgress? progress, BulkOperation? bulk) =>
        WireJson.WriteAsync(context, status, json => RematchJson.Write(json, job, progress, bulk));
}
