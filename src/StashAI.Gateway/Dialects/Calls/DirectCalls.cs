using System.Text.Json;
using StashAI.Adapters.Http.Declarations;
using StashAI.Gateway.Access;
using StashAI.Gateway.Dialects.Models;
using StashAI.Gateway.Submit;
using StashAI.Gateway.Submit.Jobs;
using StashAI.Gateway.Upstreams.Services;
using StashAI.Gateway.Wire.Problems;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Dialects.Calls;

/// <summary>
/// Direct calls, such as <c>POST /v1/chat/completions</c>: a job of one task before all bulk work, whose answer the client waits for. So
/// the service's limits, rate and circuit hold for both together. A client that goes away cancels its call.
/// </summary>
internal sealed class DirectCalls(
    QueueEngine engine, JobWaiter waiter, CallStreams streams, CallAnswers answers, TimeProvider clock, IHostApplicationLifetime lifetime)
{
    /// <summary>The most that a client waits: as long as the SDKs do.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>The highest: within each slot that becomes free, a direct call comes before all bulk work.</summary>
    private const int Priority = 9;

    private const string StreamType = "text/event-stream";

    /// <summary>A client whom the service asks to wait longer than this is told so: its SDK knows what to do.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan LookPause = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan SettlePause = TimeSpan.FromMilliseconds(10);

    /// <summary>Makes a call and answers with what the service says.</summary>
    /// <param name="context">The request.</param>
    /// <param name="upload">The upload of its job, with its only task.</param>
    /// <param name="call">The call.</param>
    /// <param name="form">How a refusal is written.</param>
    public async Task RunAsync(HttpContext context, IUpload upload, DirectCall call, ICallForm form)
    {
        var job = JobOf(context, call);
        EnqueuedJob? before = null;
        if (call.Answer != AnswerForm.Events)
        {
            TaskView task;
            do
            {
                before = await SubmitAsync(upload, job, before, context.RequestAborted);
                task = await WaitAsync(before, context.RequestAborted);
            }
            while (IsLeft(before, task));

            await answers.WriteAsync(context, form, task, call.Answer);
            return;
        }

        do
        {
            using var stream = streams.Open();
            var streamed = job with { Config = JobCost.Keep(CallStreams.ConfigOf(stream), call.Operation.Cost) };
            before = await SubmitAsync(upload, streamed, before, context.RequestAborted);
            if (await StreamAsync(context, form, before, stream)) return;
        }
        while (true);
    }

    /// <summary>
    /// True for a call that another request made and then left, which cancelled it: this one still waits, so the call is made again.
    /// </summary>
    private static bool IsLeft(EnqueuedJob job, TaskView task) => job.IsDuplicate && task.State == TaskState.Cancelled;

    /// <summary>
    /// Writes the pieces of an answer as they come. What comes whole, because another process made the call, is written at once. An answer
    /// that breaks off ends with an error event, which the SDKs raise.
    /// </summary>
    /// <returns>False when the call is to be made again, and nothing was written.</returns>
    private async Task<bool> StreamAsync(HttpContext context, ICallForm form, EnqueuedJob job, CallStream stream)
    {
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var ended = EndAsync();
        try
        {
            await foreach (var piece in stream.ReadAsync(context.RequestAborted))
            {
                if (!context.Response.HasStarted) BeginEvents(context);
                await context.Response.Body.WriteAsync(piece, context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }

            if (stream.IsBroken && await SettledAsync(job, context.RequestAborted) is var broken)
            {
                await answers.WriteErrorEventAsync(context, form, broken);
                // A call that would be made again, as when its service comes back, has nobody to answer any more.
                if (broken is null || !TaskStateMachine.IsTerminal(broken.State)) await leaving.CancelAsync();
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone: the wait ends too, and cancels the call.
            stream.Complete();
        }

        TaskView task;
        try
        {
            task = await ended;
        }
        catch (OperationCanceledException) when (stream.IsBroken && !context.RequestAborted.IsCancellationRequested)
        {
            return true;
        }
        catch (RequestException exception) when (context.Response.HasStarted)
        {
            await CallAnswers.WriteErrorEventAsync(context, form, exception.Problem.Detail);
            return true;
        }

        if (!context.Response.HasStarted && IsLeft(job, task)) return false;
        if (!context.Response.HasStarted)
            await AnswerStreamAsync(context, form, task);
        else if (!stream.IsBroken && !(task.State == TaskState.Completed && stream.IsWhole))
            // What is completed may be the answer of another process, which began when this one lost the call.
            await answers.WriteErrorEventAsync(context, form, task);
        return true;

        async Task<TaskView> EndAsync()
        {
            try
            {
                return await WaitAsync(job, leaving.Token);
            }
            finally
            {
                stream.Complete();
            }
        }
    }

    /// <summary>Answers with a stream of which no piece came here.</summary>
    private async Task AnswerStreamAsync(HttpContext context, ICallForm form, TaskView task)
    {
        if (task.State != TaskState.Completed)
        {
            await answers.WriteAsync(context, form, task, AnswerForm.Text);
            return;
        }

        BeginEvents(context);
        using var whole = JsonDocument.Parse(task.Output);
        await context.Response.WriteAsync(whole.RootElement.GetString()!, context.RequestAborted);
    }

    /// <summary>The call once the end of its attempt is stored, which is a moment behind the end of its answer.</summary>
    private async Task<TaskView?> SettledAsync(EnqueuedJob job, CancellationToken cancellationToken)
    {
        while (await engine.Read.ListTasksAsync(job.Key, 0, 1, withOutput: false, cancellationToken) is [var task])
        {
            if (task.State != TaskState.Running) return task;
            await Task.Delay(SettlePause, clock, cancellationToken);
        }

        return null;
    }

    private static void BeginEvents(HttpContext context)
    {
        context.Response.ContentType = StreamType;
        context.Response.Headers.CacheControl = "no-cache, no-transform";
        context.Response.Headers["X-Accel-Buffering"] = "no"; // nginx would keep events back until a buffer is full
    }

    /// <summary>
    /// Submits a call, or finds the one that an earlier request with its key made. One that did not complete is no answer, so the call is
    /// made again: under a key that follows from it, by which later requests find the new call.
    /// </summary>
    /// <param name="upload">The upload; of a form, its file has arrived, and the first call has the same.</param>
    /// <param name="job">The call.</param>
    /// <param name="before">The call that another request left; null for none.</param>
    /// <param name="cancellationToken">Cancels the submit.</param>
    private async Task<EnqueuedJob> SubmitAsync(
        IUpload upload, NewJob job, EnqueuedJob? before, CancellationToken cancellationToken)
    {
        var found = before ?? Checked(await engine.CommitAsync(upload, job, cancellationToken));
        try
        {
            while (found.IsDuplicate
                && await engine.Read.FindJobAsync(found.JobId, cancellationToken) is { State: JobState.Failed or JobState.Cancelled })
            {
                var next = job with { IdempotencyKey = $"{job.IdempotencyKey}\n{found.JobId:N}", SourceJob = found.JobId };
                if (await engine.Read.FindRepeatedAsync(next.IdempotencyKey, next.RequestHash, cancellationToken) is { } made)
                {
                    found = Checked(made);
                    continue;
                }

                await using var again = engine.OpenUpload();
                await again.CopyAsync(found.Key, CopiedTasks.All, cancellationToken);
                found = Checked(await engine.CommitAsync(again, next, cancellationToken));
            }

            return found;
        }
        catch (SourceLostException)
        {
            throw new RequestException(Problem.Unavailable("The call that had this Idempotency-Key was removed meanwhile: call again."));
        }

        static EnqueuedJob Checked(EnqueuedJob job) => job.IsDifferentRequest ? throw IdempotentRequest.UsedForOtherRequest() : job;
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

    /// <summary>The call once it has ended, or once the service has asked for a longer pause than a client should wait through.</summary>
    private async Task<TaskView> WaitAsync(EnqueuedJob job, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        var isOver = false;
        try
        {
            while (!isOver && clock.GetElapsedTime(began) < Patience && !lifetime.ApplicationStopping.IsCancellationRequested)
            {
                var view = await waiter.WaitAsync(job.JobId, LookPause, cancellationToken);
                isOver = view is null || JobStateMachine.IsTerminal(view.State);
                if (view?.Counters.Scheduled > 0 && await FindPutOffAsync(job, began, cancellationToken) is { } putOff) return putOff;
            }
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

    /// <summary>The call if the service itself has put it off for too long; else null.</summary>
    private async Task<TaskView?> FindPutOffAsync(EnqueuedJob job, long began, CancellationToken cancellationToken) =>
        await engine.Read.ListTasksAsync(job.Key, 0, 1, withOutput: false, cancellationToken) is [{ DueAt: { } due } task]
        && due - clock.GetUtcNow() + clock.GetElapsedTime(began) > LongestPause
        && TaskFailures.StatusOf(await engine.Read.LastAttemptAsync(task, cancellationToken)) is not null
            ? task
            : null;
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
