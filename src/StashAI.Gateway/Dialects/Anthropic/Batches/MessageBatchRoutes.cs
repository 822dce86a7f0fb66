using System.Text.Json;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Access;
using StashAI.Gateway.Dialects.Models;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Submit.Results;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Gateway.Wire.Requests;
using StashAI.Hosting.Answers;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Files;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Dialects.Anthropic.Batches;

/// <summary>
/// <c>/v1/messages/batches</c>: a batch is a job of the requests of a body, which are stored while they arrive and checked before
/// the answer.
/// </summary>
internal sealed class MessageBatchRoutes(
    QueueEngine engine, IFileBatches batches, MessageBatchReader reader, MessageBatchJson batchJson, MessageResults results,
    BodyReader bodies, IdempotencyKeys keys, ServedModels models, IntakeLimits limits, AuditLog audit, TimeProvider clock)
{
    private const string ResultsType = "application/x-jsonl";

    private static readonly BodyShape Shape = new() { Lists = [RequestSink.List] };

    public static void Map(IEndpointRouteBuilder routes)
    {
        const string Batches = "/v1/messages/batches";
        const string Batch = $"{Batches}/{{id}}";
        routes.MapPost(Batches, (HttpContext context, MessageBatchRoutes own) => own.CreateAsync(context))
            .Describe(MessageBatchDocs.Create).Needs(ApiScope.Submit);
        routes.MapGet(Batches, (HttpContext context, MessageBatchRoutes own) => own.ListAsync(context))
            .Describe(MessageBatchDocs.List).Needs(ApiScope.Read);
        routes.MapGet(Batch, (HttpContext context, MessageBatchRoutes own, string id) => own.ShowAsync(context, id))
            .Describe(MessageBatchDocs.Show).Needs(ApiScope.Read);
        routes.MapDelete(Batch, (HttpContext context, MessageBatchRoutes own, string id) => own.DeleteAsync(context, id))
            .Describe(MessageBatchDocs.Delete).Needs(ApiScope.Submit);
        routes.MapPost($"{Batch}/cancel", (HttpContext context, MessageBatchRoutes own, string id) => own.CancelAsync(context, id))
            .Describe(MessageBatchDocs.Cancel).Needs(ApiScope.Submit);
        routes.MapGet($"{Batch}/results", (HttpContext context, MessageBatchRoutes own, string id) => own.ReadAsync(context, id))
            .Describe(MessageBatchDocs.Results).Needs(ApiScope.Read);
    }

    private async Task CreateAsync(HttpContext context)
    {
        var isPartial = MessageBatchRequest.WantsPartial(context.Request);
        using var idempotency = keys.Begin(context);
        if (!await BodyReader.HasBodyAsync(context)) throw RequestException.Missing("body", "The body must be a JSON object.");
        await using var upload = engine.OpenUpload();
        var sink = new RequestSink(upload, models);
        BodyEnvelope? body = null;
        try
        {
            if (!await bodies.ReadAsync(context, ReadAsync)) return;
            var request = MessageBatchRequest.Read(JsonFields.Root(body!.Root), isPartial);
            sink.Complete();
            var job = JobOf(context, request, sink.Service!);
            var enqueued = await engine.CommitAsync(upload, idempotency?.Apply(job) ?? job, context.RequestAborted);
            if (enqueued.IsDifferentRequest) throw IdempotentRequest.UsedForOtherRequest();
            if (enqueued.IsDuplicate) context.Response.Headers["Idempotency-Replayed"] = "true";
            await ShowAsync(context, AnthropicIds.OfBatch(enqueued.JobId));
        }
        finally
        {
            body?.Dispose();
        }

        async Task ReadAsync(CancellationToken cancellationToken)
        {
            await BodyType.RequireJsonAsync(context.Request, [], cancellationToken);
            body = await ItemIntake.ReadJsonAsync(
                context.Request.BodyReader, Shape, sink, limits, cancellationToken, idempotency?.Digest);
        }
    }

    private NewJob JobOf(HttpContext context, MessageBatchRequest request, SpokenRoute spoken) => new()
    {
        Service = spoken.Service.Name,
        JobType = spoken.Route.Operation.Operation.JobType,
        TaskType = spoken.Route.Operation.Operation.TaskType,
        Upstream = ServiceUri.For(spoken.Service.Name, "/"),
        Name = $"{spoken.Service.Name}: message batch",
        Owner = context.KeyName(),
        Priority = request.Priority,
        MaxParallel = request.Concurrency ?? int.MaxValue,
        Cache = ResultReuse.Of(null, spoken.Route.Operation.Operation),
        Deadline = clock.GetUtcNow() + request.Time,
        Config = JobCost.Keep("{}"u8.ToArray(), spoken.Route.Operation.Cost),
        Batch = new JobBatch(BatchDialect.Anthropic, request.Write()),
    };

    private async Task ListAsync(HttpContext context)
    {
        var query = context.Request.Query;
        var limit = query.Number(MessageBatchDocs.Limit, 20);
        var (after, before) = (query.Text(MessageBatchDocs.After), query.Text(MessageBatchDocs.Before));
        if (after is not null && before is not null)
            throw RequestException.Invalid("before_id", "stands beside after_id; send one of them.");
        if ((after ?? before) is { } bound && AnthropicIds.Batch(bound) is null) throw Unknown(bound);
        var (page, hasMore) = await reader.ListAsync(
            new FileBatchQuery
            {
                Dialect = BatchDialect.Anthropic,
                After = after is null ? null : AnthropicIds.Batch(after),
                Before = before is null ? null : AnthropicIds.Batch(before),
                Limit = limit,
            },
            context.RequestAborted) ?? throw Unknown((after ?? before)!);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteStartArray("data");
            foreach (var batch in page) batchJson.Write(json, context.Request, batch);
            json.WriteEndArray();
            json.WriteBoolean("has_more", hasMore);
            json.WriteString("first_id", page.Count > 0 ? AnthropicIds.OfBatch(page[0].Batch.Id) : null);
            json.WriteString("last_id", page.Count > 0 ? AnthropicIds.OfBatch(page[^1].Batch.Id) : null);
            json.WriteEndObject();
        });
    }

    private async Task ShowAsync(HttpContext context, string id)
    {
        var batch = await FindAsync(context, id);
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json => batchJson.Write(json, context.Request, batch));
    }

    private async Task CancelAsync(HttpContext context, string id)
    {
        var batch = await FindAsync(context, id);
        RequireOwner(context, batch);
        // Repeated with its key, a cancel gives what came of the first.
        if (IdempotencyKeys.KeyOf(context) is not null && batch.Batch.CancelledAt is not null)
        {
            await ShowAsync(context, id);
            return;
        }

        if (batch.IsEnded) throw Ended(id);
        // Once begun it is finished, also for a client that goes away: a note alone would say "canceling" for as long as the job runs.
        await engine.CancelJobAsync(batch.Job.Key, CancellationToken.None);
        // Its last request may have ended meanwhile, and then nothing was canceled.
        if (await reader.FindAsync(batch.Batch.Id, CancellationToken.None) is { IsEnded: true, Job.Counters.Cancelled: 0 })
            throw Ended(id);
        await batches.CancelBatchAsync(batch.Batch.Id, CancellationToken.None);
        await audit.WriteAsync(context, "cancel", "job", batch.Job.JobId);
        await ShowAsync(context, id);
    }

    private async Task DeleteAsync(HttpContext context, string id)
    {
        var batch = await FindAsync(context, id);
        RequireOwner(context, batch);
        // Somebody may have begun to retry what failed since it was read.
        if (!batch.IsEnded || !await engine.RemoveJobAsync(batch.Job, context.RequestAborted))
            throw Refused($"Batch {id} cannot be deleted while it is processing: cancel it first, and wait until it has ended.");
        await audit.WriteAsync(context, "delete", "job", batch.Job.JobId, new { name = batch.Job.Name });
        await WireJson.WriteAsync(context, StatusCodes.Status200OK, json =>
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteString("type", "message_batch_deleted");
            json.WriteEndObject();
        });
    }

    private async Task ReadAsync(HttpContext context, string id)
    {
        var batch = await FindAsync(context, id);
        if (!batch.HasResults)
        {
            throw Refused(
                $"Batch {id} has no results yet: wait until processing_status is ended, or create batches with the header "
                + $"{MessageBatchRequest.PartialHeader}: true.");
        }

        context.Response.ContentType = ResultsType;
        if (HeadRequests.IsHead(context)) return;
        await context.AnswerOrCutAsync(results.WriteAsync(context.Response.BodyWriter, batch, context.RequestAborted));
    }

    private async Task<MessageBatch> FindAsync(HttpContext context, string id) =>
        AnthropicIds.Batch(id) is { } guid && await reader.FindAsync(guid, context.RequestAborted) is { } batch ? batch : throw Unknown(id);

    private static void RequireOwner(HttpContext context, MessageBatch batch) =>
        context.RequireOwner(batch.Batch.Owner, "This batch was made by somebody else");

    private static RequestException Unknown(string id) => RequestException.NotFound($"No such batch: {Excerpt.Of(id)}");

    private static RequestException Ended(string id) => Refused($"Batch {id} cannot be canceled: it has ended.");

    private static RequestException Refused(string detail) => new(Problem.BadRequest(detail));
}
