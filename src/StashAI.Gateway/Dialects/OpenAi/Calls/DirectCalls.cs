using System.Text.Json;
using StashAI.Adapters.Http.Declarations;
using StashAI.Gateway.Access;
using StashAI.Gateway.Dialects.OpenAi.Models;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Sdk;

namespace StashAI.Gateway.Dialects.OpenAi.Calls;

/// <summary>
/// Makes direct calls: a job of one task before all bulk work, whose answer the client waits for. So the service's limits, rate and circuit
/// hold for both together. A client that goes away cancels its call.
/// </summary>
internal sealed class DirectCalls(QueueEngine engine, JobWaiter waiter, CallStreams streams, TimeProvider clock)
{
    /// <summary>The most that a client waits: as long as OpenAI's SDKs do.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>The highest: within each slot that becomes free, a direct call comes before all bulk work.</summary>
    private const int Priority = 9;

    private const string StreamType = "text/event-stream";

    private const string TextType = "text/plain; charset=utf-8";

    /// <summary>Makes a call and answers with what came of it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="upload">The upload of its job, with its only task.</param>
    /// <param name="call">The call.</param>
    public async Task AnswerAsync(HttpContext context, IUpload upload, DirectCall call)
    {
        if (call.Form == AnswerForm.Json)
        {
            var job = await SubmitAsync(upload, JobOf(context, call, call.Spoken.Route.Operation), context.RequestAborted);
            await WriteAsync(context, await WaitAsync(job, context.RequestAborted), isText: false);
            return;
        }

        var operation = call.Spoken.Route.StreamOperation!;
        var made = JobOf(context, call, operation);
        if (call.Form == AnswerForm.Text)
        {
            var job = await SubmitAsync(upload, made, context.RequestAborted);
            await WriteAsync(context, await WaitAsync(job, context.RequestAborted), isText: true);
            return;
        }

        using var stream = streams.Open();
        var streamed = made with { Config = JobCost.Keep(CallStreams.ConfigOf(stream), operation.CostPerItem) };
        await StreamAsync(context, await SubmitAsync(upload, streamed, context.RequestAborted), stream);
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
            await WriteAsync(context, task, isText: true);
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

    private async Task<EnqueuedJob> SubmitAsync(IUpload upload, NewJob job, CancellationToken cancellationToken)
    {
        var enqueued = await engine.CommitAsync(upload, job, cancellationToken);
        if (enqueued.IsDifferentRequest) throw IdempotentRequest.UsedForOtherRequest();
        // A call that did not complete is no answer to the client's next try, which is a call of its own.
        var isAnew = enqueued.IsDuplicate
            && await engine.Read.FindJobAsync(enqueued.JobId, cancellationToken) is { State: JobState.Failed or JobState.Cancelled };
        if (!isAnew) return enqueued;
        try
        {
            // Of a form, its file has arrived and is gone; the first call has the same.
            await using var again = engine.OpenUpload();
            await again.CopyAsync(enqueued.Key, CopiedTasks.All, cancellationToken);
            return await engine.CommitAsync(
                again, job with { IdempotencyKey = null, RequestHash = default, SourceJob = enqueued.JobId }, cancellationToken);
        }
        catch (SourceLostException)
        {
            throw new RequestException(Problem.Unavailable("The call that had this Idempotency-Key was removed meanwhile: call again."));
        }
    }

    private NewJob JobOf(HttpContext context, DirectCall call, DeclaredOperation operation) => new()
    {
        Service = call.Spoken.Service.Name,
        JobType = operation.Operation.JobType,
        TaskType = operation.Operation.TaskType,
        Upstream = ServiceUri.For(call.Spoken.Service.Name, "/"),
        Name = Submission.NameOfOne(call.Spoken.Service.Name),
        IsSingleTask = true,
        Owner = context.KeyName(),
        Priority = Priority,
        // The client decides whether to try again, as it does with the service itself.
        MaxAttempts = 1,
        // Nobody waits longer, also where this process is gone and cannot cancel the call.
        Deadline = clock.GetUtcNow() + Patience,
        IdempotencyKey = call.Key is { } key ? $"openai-call\n{call.Path}\n{key}" : null,
        RequestHash = call.Key is null ? default : call.Hash,
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

    private async Task WriteAsync(HttpContext context, TaskView task, bool isText)
    {
        if (task.State == TaskState.Completed && isText)
        {
            context.Response.ContentType = TextType;
            using var whole = JsonDocument.Parse(task.Output);
            await context.Response.WriteAsync(whole.RootElement.GetString()!, context.RequestAborted);
            return;
        }

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

/// <summary>A call that a client waits for.</summary>
/// <param name="Spoken">The service, and the route that it speaks.</param>
/// <param name="Path">The route.</param>
/// <param name="Form">The form of its answer.</param>
/// <param name="Key">The client's idempotency key; null for none.</param>
/// <param name="Hash">A digest of the request.</param>
internal sealed record DirectCall(SpokenRoute Spoken, string Path, AnswerForm Form, string? Key, ReadOnlyMemory<byte> Hash);

/// <summary>The form of an answer.</summary>
internal enum AnswerForm
{
    /// <summary>A JSON document.</summary>
    Json,

    /// <summary>A text.</summary>
    Text,

    /// <summary>A text in pieces, as events.</summary>
    Events,
}
