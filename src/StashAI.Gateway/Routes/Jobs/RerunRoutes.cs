using StashAI.Gateway.Access;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Direct;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Upstreams;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Hosting.Problems;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Services;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary><c>POST /api/jobs/{id}/rerun</c>: a new job with the items of another. The items stay in the database.</summary>
internal sealed class RerunRoutes(
    IRead store, MirroredUploads uploads, BodyReader bodies, Submitter submitter, IdempotencyKeys keys, RerunConfig configs,
    ServiceRegistry services, UpstreamSelector upstreams, TimeProvider clock)
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost(
        "/api/jobs/{id}/rerun", (HttpContext context, RerunRoutes reruns, string id) => reruns.RerunAsync(context, id))
        .Describe(JobDocs.Rerun).Needs(ApiScope.Submit);

    private async Task RerunAsync(HttpContext context, string id)
    {
        using var idempotency = keys.Begin(context);
        using var body = await BodyReader.HasBodyAsync(context) ? await bodies.ReadAsync(context, idempotency?.Digest) : null;
        if (body is null && context.Response.HasStarted) return;
        var request = RerunRequest.Read(body?.Root, clock.GetUtcNow());
        using var changes = request.Changes;
        var source = await QueueLookup.GetJobAsync(store, id, context.RequestAborted);
        if (services.Find(source.Service) is null)
        {
            throw new RequestException(Problem.Conflict(
                $"The service {source.Service} of this job is not there any more: declare it again, or submit the items to another."));
        }

        await upstreams.CheckAgainAsync(source.Service, source.Upstream, context.RequestAborted);
        var config = changes is null ? source.Config : configs.Change(source, changes.RootElement);
        await using var upload = uploads.Open(context.Request);
        var ordinals = await CopyAsync(
            upload, source, request.OnlyFailed ? CopiedTasks.Failed : CopiedTasks.All, context.RequestAborted);
        if (ordinals.Count == 0)
        {
            throw new RequestException(Problem.Conflict(
                $"No task of the job {source.JobId} has failed: there is nothing to run again. Use \"only\":\"all\" for all its items."));
        }

        var job = request.Apply(
            source, RerunConfig.ForItems(config, source.Counters.Total, ordinals), services.FindOperation(source.Service, source.TaskType));
        var submission = new Submission(
            job, total => total == 1 ? "1 item is queued again." : $"{total} items are queued again.",
            (json, _) => json.WriteString("source_job", source.JobId));
        await submitter.CommitAsync(context, upload, submission, idempotency);
    }

    private static async Task<IReadOnlyList<int>> CopyAsync(
        MirroredUpload upload, JobView source, CopiedTasks which, CancellationToken cancellationToken)
    {
        try
        {
            return await upload.CopyAsync(source.Key, which, cancellationToken);
        }
        catch (SourceLostException exception)
        {
            throw new RequestException(exception.IsTrimmed
                ? Problem.Conflict($"{exception.Message} Items whose tasks failed can run again: \"only\":\"failed\".")
                : Problem.NotFound($"There is no job {source.JobId} any more: it was removed."));
        }
    }
}
