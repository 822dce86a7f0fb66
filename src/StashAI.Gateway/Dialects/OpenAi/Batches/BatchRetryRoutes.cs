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
        var key = IdempotencyKeys.KeyOf(context);
        using var body = await BodyReader.HasBodyAsync(context) ? await bodies.ReadAsync(context) : null;
        if (body is null && context.Response.HasStarted) return;
        var source = await reader.GetAsync(id, context.RequestAborted);
        var request = source.Request.ForRetry(body is null ? new JsonFields("", null) : JsonFields.Root(body.Root), source.Batch.Id);
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
            Guid.CreateVersion7(), context.KeyName(), key is null ? null : $"openai-batch\n{key}", source.Batch.FileId, request.Write());
        var batch = await batches.AddBatchAsync(asked, context.RequestAborted);
        if (batch.Request != asked.Request || batch.FileId != asked.FileId) throw IdempotentRequest.UsedForOtherRequest();
        loop.Wake();
        var state = await reader.WithJobAsync(batch, context.RequestAborted) ?? throw BatchReader.Unknown(OpenAiIds.OfBatch(batch.Id));
        await BatchRoutes.WriteAsync(context, state);
    }
}
