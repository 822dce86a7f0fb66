using System.Text.Json;
using StashAI.Adapters.Http.Declarations;
using StashAI.Gateway.Access;
using StashAI.Gateway.Dialects.Models;
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

namespace StashAI.Gateway.Dialects.Calls;

/// <summary>
/// Direct calls, such as <c>POST /v1/chat/completions</c>: a job of one task before all bulk work, whose answer the client waits for. So
/// the service's limits, rate and circuit hold for both together. A client that goes away cancels its call.
/// </summary>
internal sealed class DirectCalls(QueueEngine engine, JobWaiter waiter, CallStreams streams, TimeProvider clock)
{
    /// <summary>The most that a client waits: as long as the SDKs do.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>The highest: within each slot that becomes free, a direct call comes before all bulk work.</summary>
    private const int Priority = 9;

    private const string StreamType = "text/event-stream";

    private const string TextType = "text/plain; charset=utf-8";

    /// <summary>Makes a call and answers with what the service says.</summary>
    /// <param name="context">The request.</param>
    /// <param name="upload">The upload of its job, with its only task.</param>
    /// <param name="call">The call.</param>
    /// <param name="form">How a refusal is written.</param>
    public async Task RunAsync(HttpContext context, IUpload upload, DirectCall call, ICallForm form)
    {
        var job = JobOf(context, call);
        if (call.Answer != AnswerForm.Events)
        {
            var enqueued = await SubmitAsync(upload, job, context.RequestAborted);
            await AnswerAsync(context, form, await WaitAsync(enqueued, context.RequestAborted), call.Answer);
            return;
        }

        using var stream = streams.Open();
        var streamed = job with { Config = JobCost.Keep(CallStreams.ConfigOf(stream), call.Operation.Cost) };
        await StreamAsync(context, form, await SubmitAsync(upload, streamed, context.RequestAborted), stream);
    }

    /// <summary>
    /// Writes the pieces of an answer as they come. What comes whole, because another process made the call, is written at once.
    /// </summary>
    private async Task StreamAsync(HttpContext context, ICallForm form, EnqueuedJob job, CallStream stream)
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
            await AnswerAsync(context, form, task, AnswerForm.Text);
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

    private NewJob JobOf(HttpContext context, DirectCall call) => new()
    {
        Service = call.Spoken.Service.Name,
        JobType = call.Operation.Operation.JobType,
        TaskType = call.Operation.Operation.TaskType,
        Upstream = ServiceUri.For(call.Spoken.Service.Name, "/"),
        Name = Submission.NameOfOne(call.Spoken.Service.Name),
        IsSingleTask = true,
        Owner = context.KeyName(),
        Cache = ResultReuse.Of(null, call.Operation.Operation),
        Priority = Priority,
        // The client decides whether to try again, as it does with the service itself.
        MaxAttempts = 1,
        // Nobody waits longer, also where this process is gone and cannot cancel the call.
        Deadline = clock.GetUtcNow() + Patience,
        IdempotencyKey = call.IdempotencyKey,
        RequestHash = call.IdempotencyKey is null ? default : call.Hash,
        Config = JobCost.Keep("{}"u8.ToArray(), call.Operation.Cost),
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

    private async Task AnswerAsync(HttpContext context, ICallForm form, TaskView task, AnswerForm answer)
    {
        if (task.State == TaskState.Completed && answer == AnswerForm.Text)
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

        var attempt = await engine.Read.LastAttemptAsync(task, context.RequestAborted);
        if (attempt?.HttpStatus is >= 400 and { } status)
        {
            await form.WriteRefusalAsync(context, task, status, attempt.AnswerHead);
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
            "upstream-timeout", StatusCodes.Status504GatewayTimeout, "The service did not answer", TaskFailures.ReasonOf(task)),
        (_, ErrorKind.Connection) => new Problem(
            "upstream-unreachable", StatusCodes.Status502BadGateway, "The service did not answer", TaskFailures.ReasonOf(task)),
        // The request itself has something that the service does not understand.
        (_, ErrorKind.InvalidInput) => Problem.BadRequest(TaskFailures.ReasonOf(task)) with { IsFinal = true },
        _ => new Problem("upstream-failed", StatusCodes.Status502BadGateway, "The service failed", TaskFailures.ReasonOf(task))
        {
            IsFinal = task.ErrorKind is ErrorKind.OutboundRefused or ErrorKind.Poisoned or ErrorKind.InvalidAnswer,
        },
    };
}

/// <summary>A direct call.</summary>
/// <param name="Spoken">The service and its route.</param>
/// <param name="Answer">The form of its answer.</param>
/// <param name="IdempotencyKey">The client's idempotency key with what distinguishes the route; null for none.</param>
/// <param name="Hash">A digest of the request.</param>
internal sealed record DirectCall(SpokenRoute Spoken, AnswerForm Answer, string? IdempotencyKey, ReadOnlyMemory<byte> Hash)
{
    /// <summary>How the route is called.</summary>
    public DeclaredOperation Operation => Answer == AnswerForm.Json ? Spoken.Route.Operation : Spoken.Route.StreamOperation!;
}

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
