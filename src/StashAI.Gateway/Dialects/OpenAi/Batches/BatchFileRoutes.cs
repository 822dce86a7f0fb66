using StashAI.Gateway.Access;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Files;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>
/// <c>/v1/batches/{id}/output</c> and <c>/errors</c>: the files of a batch's results by its own id, also while it runs.
/// </summary>
internal sealed class BatchFileRoutes(BatchReader reader, BatchOutput output, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    private const string ContentType = "application/jsonl";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(150);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/v1/batches/{id}/output", (HttpContext context, BatchFileRoutes own, string id) => own.ReadAsync(context, id, false))
            .Describe(BatchDocs.Output).Needs(ApiScope.Read);
        routes.MapGet("/v1/batches/{id}/errors", (HttpContext context, BatchFileRoutes own, string id) => own.ReadAsync(context, id, true))
            .Describe(BatchDocs.Errors).Needs(ApiScope.Read);
    }

    private Task ReadAsync(HttpContext context, string id, bool isErrors) =>
        context.AnswerOrCutAsync(WriteAsync(context, id, isErrors));

    private async Task WriteAsync(HttpContext context, string id, bool isErrors)
    {
        var isFollowed = context.Request.Query.Flag(BatchDocs.Follow, false);
        var batch = isFollowed ? await WaitForJobAsync(id, context.RequestAborted) : await reader.GetAsync(id, context.RequestAborted);
        if (batch.Batch.State == FileBatchState.Refused)
        {
            throw RequestException.NotFound(
                "This batch failed before any of its lines ran: GET /v1/batches/{id} says in errors what is wrong with its file.");
        }

        context.Response.ContentType = ContentType;
        // While it is checked, and when it was cancelled meanwhile, no line is finished.
        if (batch.Job is null) return;
        await (isFollowed ? output.FollowAsync(context, batch, isErrors) : output.AnswerAsync(context, batch, isErrors));
    }

    /// <summary>The batch once its lines are checked.</summary>
    private async Task<BatchState> WaitForJobAsync(string id, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, lifetime.ApplicationStopping);
        while (true)
        {
            var batch = await reader.GetAsync(id, cancellationToken);
            if (batch.Batch.State is not (FileBatchState.Checking or FileBatchState.Cancelling)) return batch;
            try
            {
                await Task.Delay(PollInterval, clock, over.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new RequestException(Problem.Unavailable("The server is stopping: follow the batch again."));
            }
        }
    }
}
