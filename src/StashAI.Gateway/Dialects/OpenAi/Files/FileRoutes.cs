using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Access;
using StashAI.Gateway.Dialects.OpenAi.Batches;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Requests;
using StashAI.Hosting.Answers;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Files;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Dialects.OpenAi.Files;

/// <summary><c>/v1/files</c>: files that clients upload, and the results of batches, which are read from their jobs.</summary>
internal sealed class FileRoutes(FileIntake intake, IClientFiles files, IRead read, BatchReader batches, BatchOutput output)
{
    private const string ContentType = "application/octet-stream";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/v1/files", (HttpContext context, FileRoutes own) => own.UploadAsync(context))
            .Describe(FileDocs.Upload).Needs(ApiScope.Submit);
        routes.MapGet("/v1/files", (HttpContext context, FileRoutes own) => own.ListAsync(context))
            .Describe(FileDocs.List).Needs(ApiScope.Read);
        routes.MapGet("/v1/files/{id}", (HttpContext context, FileRoutes own, string id) => own.ShowAsync(context, id))
            .Describe(FileDocs.Show).Needs(ApiScope.Read);
        routes.MapGet("/v1/files/{id}/content", (HttpContext context, FileRoutes own, string id) => own.ReadAsync(context, id))
            .Describe(FileDocs.Content).Needs(ApiScope.Read);
        routes.MapDelete("/v1/files/{id}", (HttpContext context, FileRoutes own, string id) => own.RemoveAsync(context, id))
            .Describe(FileDocs.Remove).Needs(ApiScope.Submit);
    }

    private async Task UploadAsync(HttpContext context)
    {
        if (await intake.ReceiveAsync(context) is { } file)
            await WireJson.WriteAsync(context, StatusCodes.Status200OK, json => FileJson.Write(json, file));
    }

    private async Task ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var limit = query.Number(FileDocs.Limit, (int)FileDocs.Limit.Most);
        var after = query.Text(FileDocs.After);
        if (after is not null && OpenAiIds.File(after) is null) throw Unknown(after);
        var found = await files.ListFilesAsync(
            new ClientFileQuery
            {
                Purpose = query.Text(FileDocs.Purpose),
                After = after is null ? null : OpenAiIds.File(after),
                OldestFirst = query.Text(FileDocs.Order) == "asc",
                Limit = limit + 1,
            },
            context.RequestAborted) ?? throw Unknown(after!);
        await OpenAiJson.WritePageAsync<ClientFile>(
            context, [.. found.Take(limit)], found.Count > limit, file => OpenAiIds.OfFile(file.Id), FileJson.Write);
    }

    private async Task ShowAsync(HttpContext context, string id)
    {
        if (OpenAiIds.Results(id) is var (batchId, isErrors))
        {
            var batch = await ResultsAsync(batchId, isErrors, id, context.RequestAborted);
            var bytes = await output.CountAsync(batch, isErrors, context.RequestAborted);
            await WireJson.WriteAsync(context, StatusCodes.Status200OK, json => FileJson.Write(
                json, id, bytes, batch.Job!.FinishedAt ?? batch.Job.CreatedAt, batch.OutputExpiresAt, $"{id}.jsonl", "batch_output"));
            return;
        }

        var file = await FindAsync(id, context.RequestAborted);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json => FileJson.Write(json, file));
    }

    private Task ReadAsync(HttpContext context, string id) => context.AnswerOrCutAsync(WriteAsync(context, id));

    private async Task WriteAsync(HttpContext context, string id)
    {
        context.Response.ContentType = ContentType;
        if (OpenAiIds.Results(id) is var (batchId, isErrors))
        {
            var batch = await ResultsAsync(batchId, isErrors, id, context.RequestAborted);
            await output.AnswerAsync(context, batch, isErrors);
            return;
        }

        var file = await FindAsync(id, context.RequestAborted);
        await ResultRange.WriteAsync(context, WriteAllAsync, Bytes, $"{file.Id}", file.Size);

        async Task WriteAllAsync()
        {
            if (HeadRequests.IsHead(context)) return;
            await foreach (var piece in Bytes()) await context.Response.Body.WriteAsync(piece, context.RequestAborted);
        }

        IAsyncEnumerable<ReadOnlyMemory<byte>> Bytes() => file.PayloadKey is { } payload
            ? read.ReadPayloadAsync(payload, file.Size, context.RequestAborted)
            : AsyncEnumerable.Empty<ReadOnlyMemory<byte>>();
    }

    private async Task RemoveAsync(HttpContext context, string id)
    {
        if (OpenAiIds.Results(id) is var (batchId, isErrors))
        {
            var batch = await ResultsAsync(batchId, isErrors, id, context.RequestAborted);
            throw new RequestException(Problem.BadRequest(
                $"{id} is read from the results of the job {batch.Job!.JobId} and goes with it: use DELETE /api/jobs/{batch.Job.JobId}.",
                "file_id"));
        }

        var file = await FindAsync(id, context.RequestAborted);
        context.RequireOwner(file.Owner, "This file was uploaded by somebody else");
        if (!await files.RemoveFileAsync(file.Id, context.RequestAborted)) throw Unknown(id);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("object", "file");
            json.WriteBoolean("deleted", true);
            json.WriteEndObject();
        });
    }

    private async Task<ClientFile> FindAsync(string id, CancellationToken cancellationToken) =>
        OpenAiIds.File(id) is { } guid && await files.FindFileAsync(guid, cancellationToken) is { } file ? file : throw Unknown(id);

    private async Task<BatchState> ResultsAsync(Guid batchId, bool isErrors, string id, CancellationToken cancellationToken) =>
        await batches.FindAsync(batchId, cancellationToken) is { } batch && (isErrors ? batch.HasErrors : batch.HasOutput)
            ? batch
            : throw Unknown(id);

    private static RequestException Unknown(string id) => RequestException.NotFound($"No such File object: {Excerpt.Of(id)}");
}
