using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Access;
using StashAI.Gateway.Dialects.Models;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Requests;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Files;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary><c>/v1/batches</c>: a batch is a job of the lines of a file. Its lines are checked after the answer, as OpenAI does.</summary>
internal sealed class BatchRoutes(
    IFileBatches batches, IClientFiles files, BatchReader reader, BatchLoop loop, BodyReader bodies, ServedModels models,
    ServiceEndpoints services, QueueEngine engine)
{
    private const string BatchPurpose = "batch";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/batches", (HttpContext context, BatchRoutes own) => own.CreateAsync(context))
            .Describe(BatchDocs.Create).Needs(ApiScope.Submit);
        routes.MapGet("/v1/batches", (HttpContext context, BatchRoutes own) => own.ListAsync(context))
            .Describe(BatchDocs.List).Needs(ApiScope.Read);
        routes.MapGet("/v1/batches/{id}", (HttpContext context, BatchRoutes own, string id) => own.ShowAsync(context, id))
            .Describe(BatchDocs.Show).Needs(ApiScope.Read);
        routes.MapPost("/v1/batches/{id}/cancel", (HttpContext context, BatchRoutes own, string id) => own.CancelAsync(context, id))
            .Describe(BatchDocs.Cancel).Needs(ApiScope.Submit);
    }

    /// <summary>Answers with a batch.</summary>
    public static Task WriteAsync(HttpContext context, BatchState batch) =>
        WireJson.WriteAsync(context, StatusCodes.Status200OK, json => BatchJson.Write(json, batch));

    private async Task CreateAsync(HttpContext context)
    {
        var key = IdempotencyKeys.KeyOf(context) is { } sent ? $"openai-batch\n{sent}" : null;
        if (!await BodyReader.HasBodyAsync(context)) throw RequestException.Missing("body", "The body must be a JSON object.");
        using var body = await bodies.ReadAsync(context);
        if (body is null) return;
        var fields = JsonFields.Root(body.Root);
        var fileId = BatchRequest.Required(fields, "input_file_id");
        var request = BatchRequest.Read(fields);
        var asked = new NewFileBatch(
            Guid.CreateVersion7(), context.KeyName(), key, OpenAiIds.File(fileId) ?? Guid.Empty, request.Write());
        // A repeated request gets its batch, whatever became of the file and the services meanwhile.
        if (key is not null && await batches.FindBatchOfKeyAsync(key, context.RequestAborted) is { } first)
        {
            await AnswerAsync(context, asked, first);
            return;
        }

        if (ServiceEndpoints.Is(request.Endpoint))
        {
            if (services.Find(request.Endpoint) is null)
            {
                throw fields.Invalid(
                    "endpoint",
                    $"no declared service has '{Excerpt.Of(request.Endpoint)}'; use /services/NAME/OPERATION with the names that GET "
                    + "/api/services lists.");
            }
        }
        else if (models.OpenAiPaths is var known && !known.Contains(request.Endpoint))
        {
            var wayOut = known.Count > 0 ? $"use {string.Join(" or ", known)}" : "a declaration says which it speaks with openai";
            throw fields.Invalid(
                "endpoint", $"no declared service speaks '{Excerpt.Of(request.Endpoint)}'; {wayOut}, or /services/NAME/OPERATION.");
        }

        var file = OpenAiIds.File(fileId) is { } guid && await files.FindFileAsync(guid, context.RequestAborted) is { } found
            ? found
            : throw RequestException.NotFound($"No such File object: {Excerpt.Of(fileId)}");
        if (file.Purpose != BatchPurpose)
            throw fields.Invalid("input_file_id", $"the file's purpose is {file.Purpose}; upload it with the purpose {BatchPurpose}.");
        await AnswerAsync(context, asked, await batches.AddBatchAsync(asked, context.RequestAborted));
    }

    private async Task AnswerAsync(HttpContext context, NewFileBatch asked, FileBatch batch)
    {
        if (batch.Request != asked.Request || batch.FileId != asked.FileId) throw IdempotentRequest.UsedForOtherRequest();
        loop.Wake();
        var state = await reader.WithJobAsync(batch, context.RequestAborted) ?? throw BatchReader.BeingDeleted();
        await WriteAsync(context, state);
    }

    private async Task ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var limit = query.Number(BatchDocs.Limit, 20);
        var after = query.Text(BatchDocs.After);
        if (after is not null && OpenAiIds.Batch(after) is null) throw BatchReader.Unknown(after);
        var (states, hasMore) = await reader.ListAsync(
            after is null ? null : OpenAiIds.Batch(after), limit, context.RequestAborted) ?? throw BatchReader.Unknown(after!);
        await OpenAiJson.WritePageAsync(context, states, hasMore, one => OpenAiIds.OfBatch(one.Batch.Id), BatchJson.Write);
    }

    private async Task ShowAsync(HttpContext context, string id) =>
        await WriteAsync(context, await reader.GetAsync(id, context.RequestAborted));

    private async Task CancelAsync(HttpContext context, string id)
    {
        var state = await reader.GetAsync(id, context.RequestAborted);
        context.RequireOwner(state.Batch.Owner, "This batch was made by somebody else");
        // Repeated with its key, a cancel gives what came of the first.
        if (IdempotencyKeys.KeyOf(context) is not null && state.Batch.CancelledAt is not null)
        {
            await WriteAsync(context, state);
            return;
        }

        if (state.Status is not ("validating" or "in_progress" or "cancelling"))
            throw Ended(state);
        // Once begun it is finished, also for a client that goes away: a note alone would say "cancelling" for as long as the job runs.
        var known = state.Batch.JobKey;
        if (known is { } before)
        {
            await engine.CancelJobAsync(before, CancellationToken.None);
            // Its last line may have ended meanwhile, and then nothing was cancelled.
            if (await reader.FindAsync(state.Batch.Id, CancellationToken.None) is { IsOver: true, Status: not "cancelled" } over)
                throw Ended(over);
        }

        if (await batches.CancelBatchAsync(state.Batch.Id, CancellationToken.None) is not { } batch) throw BatchReader.Unknown(id);
        if (batch.JobKey is not { } job) loop.Wake();
        else if (known is null) await engine.CancelJobAsync(job, CancellationToken.None);
        await WriteAsync(context, await reader.GetAsync(id, context.RequestAborted));
    }

    private static RequestException Ended(BatchState state) =>
        new(Problem.Conflict($"Cannot cancel a batch with status '{state.Status}'."));
}
