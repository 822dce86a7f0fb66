using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using StashAI.Adapters.Http.Declarations;
using StashAI.Adapters.Http.Schemas;
using StashAI.Gateway.Access;
using StashAI.Gateway.Dialects.OpenAi.Models;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Access;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Sdk;

namespace StashAI.Gateway.Dialects.OpenAi.Calls;

/// <summary>
/// Direct calls, such as <c>POST /v1/chat/completions</c>: a job of one task before all bulk work, whose answer the client waits for. So
/// the service's limits, rate and circuit hold for both together. A client that goes away cancels its call.
/// </summary>
internal sealed class CallRoutes(
    QueueEngine engine, BodyReader bodies, ServedModels models, JobWaiter waiter, CallStreams streams, TimeProvider clock)
{
    /// <summary>The most that a client waits: as long as OpenAI's SDKs do.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>The highest: within each slot that becomes free, a direct call comes before all bulk work.</summary>
    private const int Priority = 9;

    private const string StreamType = "text/event-stream";

    private static readonly string[] Paths =
        ["/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/moderations", "/v1/responses"];

    public static void Map(IEndpointRouteBuilder routes)
    {
        foreach (var path in Paths)
        {
            routes.MapPost(path, (HttpContext context, CallRoutes own) => own.CallAsync(context, path))
                .Describe(CallDocs.Of(path)).Needs(ApiScope.Submit);
        }
    }

    private async Task CallAsync(HttpContext context, string path)
    {
        var key = IdempotencyKeys.KeyOf(context);
        if (!await BodyReader.HasBodyAsync(context)) throw RequestException.Missing("body", "The body must be a JSON object.");
        using var body = await bodies.ReadAsync(context);
        if (body is null) return;
        var fields = JsonFields.Root(body.Root);
        if (fields.Word("model") is not { Length: > 0 } model)
            throw RequestException.Missing("model", "model is missing: send the name of a model as a text.");
        var isStream = body.Root.TryGetProperty("stream", out var asked) && asked.ValueKind == JsonValueKind.True;
        var spoken = models.Find(path, model) ?? throw new RequestException(new Problem(
            "model-not-found", StatusCodes.Status404NotFound, "Not found",
            $"No declared service has the model '{Excerpt.Of(model)}' for {path}.")
        { Errors = ProblemError.At("model", "is not known.") });
        var input = JsonMarshal.GetRawUtf8Value(body.Root).ToArray();
        if (!isStream)
        {
            var job = await SubmitAsync(JobOf(context, spoken, spoken.Route.Operation, key, path, input), input, context.RequestAborted);
            await AnswerAsync(context, await WaitAsync(job, context.RequestAborted));
            return;
        }

        if (spoken.Route.StreamOperation is not { } operation)
            throw fields.Invalid("stream", $"{path} answers in one piece; leave it out.");
        using var stream = streams.Open();
        var streamed = JobOf(context, spoken, operation, key, path, input) with
        {
            Config = JobCost.Keep(CallStreams.ConfigOf(stream), operation.CostPerItem),
        };
        await StreamAsync(context, await SubmitAsync(streamed, input, context.RequestAborted), stream);
    }

    /// <summary>
    /// Writes the pieces of an answer as they come. What comes whole, because another process made the call, is written at once.
    /// </summary>
    private async Task StreamAsync(HttpContext context, EnqueuedJob job, CallStream stream)
    {
        var ended = EndAsync();
        var output = context.Response.Body;
        try
        {
            await foreach (var piece in stream.ReadAsync(context.RequestAborted))
            {
                if (!context.Response.HasStarted) BeginEvents(context);
                await output.WriteAsync(piece, context.RequestAborted);
                await output.FlushAsync(context.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The client is gone: the wait ends too, and cancels the call.
            stream.Complete();
        }

        // An answer that broke off must not look whole. With its client gone, the wait ends and cancels the call.
        if (stream.IsBroken) context.Abort();
        var task = await ended;
        if (context.Response.HasStarted)
        {
            // What is completed may be the answer of another process, which began when this one lost the call.
            if (task.State != TaskState.Completed || !stream.IsWhole) context.Abort();
            return;
        }

        if (task.State != TaskState.Completed)
        {
            await AnswerAsync(context, task);
            return;
        }

        BeginEvents(context);
        using var whole = JsonDocument.Parse(task.Output);
        await context.Response.WriteAsync(whole.RootElement.GetString()!, context.RequestAborted);

        async Task<TaskView> EndAsync()
        {
            try
            {
                return await WaitAsync(job, context.RequestAborted);
            }
            finally
            {
                stream.Complete();
            }
        }
    }

    private static void BeginEvents(HttpContext context)
    {
        context.Response.ContentType = StreamType;
        context.Response.Headers.CacheControl = "no-cache, no-transform";
        context.Response.Headers["X-Accel-Buffering"] = "no"; // nginx would keep events back until a buffer is full
    }

    private async Task<EnqueuedJob> SubmitAsync(NewJob job, byte[] input, CancellationToken cancellationToken)
    {
        await using var upload = engine.OpenUpload();
        upload.BeginTask();
        await upload.EndTaskAsync(input, cancellationToken);
        var enqueued = await engine.CommitAsync(upload, job, cancellationToken);
        if (enqueued.IsDifferentRequest) throw IdempotentRequest.UsedForOtherRequest();
        // A call that did not complete is no answer to the client's next try, which is a call of its own.
        var isAnew = enqueued.IsDuplicate
            && await engine.Read.FindJobAsync(enqueued.JobId, cancellationToken) is { State: JobState.Failed or JobState.Cancelled };
        return isAnew
            ? await SubmitAsync(job with { IdempotencyKey = null, RequestHash = default }, input, cancellationToken)
            : enqueued;
    }

    private NewJob JobOf(
        HttpContext context, SpokenRoute spoken, DeclaredOperation operation, string? key, string path, byte[] input) => new()
        {
            Service = spoken.Service.Name,
            JobType = operation.Operation.JobType,
            TaskType = operation.Operation.TaskType,
            Upstream = ServiceUri.For(spoken.Service.Name, "/"),
            Name = Submission.NameOfOne(spoken.Service.Name),
            IsSingleTask = true,
            Owner = context.KeyName(),
            Cache = ResultReuse.Of(null, operation.Operation),
            Priority = Priority,
            // The client decides whether to try again, as it does with the service itself.
            MaxAttempts = 1,
            // Nobody waits longer, also where this process is gone and cannot cancel the call.
            Deadline = clock.GetUtcNow() + Patience,
            IdempotencyKey = key is null ? null : $"openai-call\n{path}\n{key}",
            RequestHash = key is null ? default : SHA256.HashData(input),
            Config = JobCost.Keep("{}"u8.ToArray(), operation.CostPerItem),
        };

    private async Task<TaskView> WaitAsync(EnqueuedJob job, CancellationToken cancellationToken)
    {
        var isOver = false;
        try
        {
            var view = await waiter.WaitAsync(job.JobId, Patience, cancellationToken);
            isOver = view is null || JobStateMachine.IsTerminal(view.State);
        }
        finally
        {
            // Nobody would have the answer. A job that other requests with the same key wait for is theirs too.
            if (!isOver && !job.IsDuplicate) await engine.CancelJobAsync(job.Key, CancellationToken.None);
        }

        if (!isOver)
            throw new RequestException(Problem.Unavailable("The server is stopping, or the service did not answer in ten minutes."));
        return await engine.Read.ListTasksAsync(job.Key, 0, 1, withOutput: true, cancellationToken) is [var task]
            ? task
            : throw RequestException.NotFound("The call was deleted meanwhile.");
    }

    private async Task AnswerAsync(HttpContext context, TaskView task)
    {
        if (task.State == TaskState.Completed)
        {
            context.Response.ContentType = WireJson.ContentType;
            context.Response.ContentLength = task.Output.Length;
            await context.Response.Body.WriteAsync(task.Output, context.RequestAborted);
            return;
        }

        var attempt = FailureJson.HasAnswer(task)
            && await engine.Read.ListAttemptsAsync(task.Key, 1, context.RequestAborted) is [var last] ? last : null;
        if (attempt?.HttpStatus is >= 400 and { } status)
        {
            await WireJson.WriteAsync(context, status, json => FailureJson.WriteBody(json, task, status, attempt.AnswerHead));
            return;
        }

        throw new RequestException(ProblemOf(task));
    }

    private static Problem ProblemOf(TaskView task) => (task.State, task.ErrorKind) switch
    {
        (TaskState.Cancelled, _) => Problem.Conflict("The call was cancelled."),
        (_, ErrorKind.DeadlineExceeded) => new Problem(
            "upstream-timeout", StatusCodes.Status504GatewayTimeout, "The service did not answer",
            "The service did not answer in ten minutes."),
        (_, ErrorKind.Timeout) => new Problem(
            "upstream-timeout", StatusCodes.Status504GatewayTimeout, "The service did not answer", FailureJson.ErrorOf(task).Message),
        (_, ErrorKind.Connection) => new Problem(
            "upstream-unreachable", StatusCodes.Status502BadGateway, "The service did not answer", FailureJson.ErrorOf(task).Message),
        _ => new Problem(
            "upstream-failed", StatusCodes.Status502BadGateway, "The service failed", FailureJson.ErrorOf(task).Message)
        {
            IsFinal = task.ErrorKind is ErrorKind.OutboundRefused or ErrorKind.InvalidInput or ErrorKind.Poisoned
                or ErrorKind.InvalidAnswer,
        },
    };
}
