using System.Text.Json;
using StashAI.Gateway.Access;
using StashAI.Gateway.Dialects.Models;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Hosting.Problems;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Files;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>
/// <c>POST /v1/batches/{id}/retry</c>: the lines of a batch's error file become a new batch. They are in its job, so its file is not
/// needed.
/// </summary>
internal sealed class BatchRetryRoutes(
    IFileBatches batches, BatchReader reader, BatchLoop loop, BodyReader bodies, ServedModels models,
    ServiceEndpoints services)
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost(
        "/v1/batches/{id}/retry", (HttpContext context, BatchRetryRoutes own, string id) => own.RetryAsync(context, id))
        .Describe(BatchDocs.Retry).Needs(ApiScope.Submit);

    private async Task RetryAsync(HttpContext context, string id)
    {
        var batchKey = IdempotencyKeys.KeyOf(context) is { } key ? $"openai-batch\n{key}" : null;
        using var body = await BodyReader.HasBodyAsync(context) ? await bodies.ReadAsync(context) : null;
        if (body is null && context.Response.HasStarted) return;
        var fields = body is null ? new JsonFields("", null) : JsonFields.Root(body.Root);
        // A repeated request gets its batch, whatever became of the first batch and its service meanwhile.
        if (batchKey is not null && await batches.FindBatchOfKeyAsync(batchKey, context.RequestAborted) is { } made)
        {
            await AnswerAsync(context, made, isSame: await IsRepeatedAsync(made, fields, id, context.RequestAborted));
            return;
        }

        var source = await reader.GetAsync(id, context.RequestAborted);
        var request = source.Request.ForRetry(fields, source.Batch.Id);
        if (!source.IsOver || source.Job is not { } job)
            throw new RequestException(Problem.Conflict($"A batch with the status '{source.Status}' has no lines to retry."));
        if (job.Counters.Failed + job.Counters.Cancelled == 0)
            throw new RequestException(Problem.Conflict("No line of this batch failed: there is nothing to retry."));
        if (!(ServiceEndpoints.Is(request.Endpoint)
            ? services.Find(request.Endpoint) is not null
            : models.Speaks(job.Service, request.Endpoint)))
        {
            throw new RequestException(Problem.Conflict(
                $"The service {job.Service} of this batch does not speak {request.Endpoint} any more: declare it again, or make a batch of "
                + "a new file."));
        }

        var asked = new NewFileBatch(
            Guid.CreateVersion7(), context.KeyName(), batchKey, source.Batch.FileId, request.Write());
        var batch = await batches.AddBatchAsync(asked, context.RequestAborted);
        await AnswerAsync(context, batch, batch.Request == asked.Request && batch.FileId == asked.FileId);
    }

    /// <summary>
    /// True if the request would make this batch again. Of a first batch that is gone, what the request leaves out is as it was then.
    /// </summary>
    private async Task<bool> IsRepeatedAsync(FileBatch made, JsonFields fields, string id, CancellationToken cancellationToken)
    {
        var request = BatchRequest.Parse(made.Request);
        if (request.SourceBatch is not { } sourceId || sourceId != OpenAiIds.Batch(id)) return false;
        var source = await reader.FindAsync(sourceId, cancellationToken);
        return (source?.Request ?? request).ForRetry(fields, sourceId).Write() == made.Request;
    }

    private async Task AnswerAsync(HttpContext context, FileBatch batch, bool isSame)
    {
        if (!isSame) throw IdempotentRequest.UsedForOtherRequest();
        loop.Wake();
        var state = await reader.WithJobAsync(batch, context.RequestAborted) ?? throw BatchReader.BeingDeleted();
        await BatchRoutes.WriteAsync(context, state);
    }
}
