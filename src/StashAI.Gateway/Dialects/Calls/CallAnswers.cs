using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Engine;
using StashAI.Queue.Model.Tasks;
using StashAI.Sdk;

namespace StashAI.Gateway.Dialects.Calls;

/// <summary>Writes what came of direct calls: the service's own answer, its own refusal, or this server's words.</summary>
internal sealed class CallAnswers(QueueEngine engine, TimeProvider clock)
{
    private const string TextType = "text/plain; charset=utf-8";

    /// <summary>Answers with the result of a call, or with why there is none, or with until when the service has put it off.</summary>
    public async Task WriteAsync(HttpContext context, ICallForm form, TaskView task, AnswerForm answer)
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
        if (TaskFailures.StatusOf(attempt) is { } status)
        {
            // Only the service's own status says that the call may succeed later.
            if (task.ErrorKind == ErrorKind.Rejected && status >= StatusCodes.Status500InternalServerError) RetryAdvice.WriteFinal(context);
            if (task is { State: TaskState.Scheduled, DueAt: { } due }) RetryAdvice.WriteWhen(context, due - clock.GetUtcNow());
            await form.WriteRefusalAsync(context, task, status, attempt!.AnswerHead);
            return;
        }

        throw new RequestException(ProblemOf(task));
    }

    /// <summary>Ends a stream that has begun with why its answer broke off.</summary>
    /// <param name="context">The request.</param>
    /// <param name="form">How an error is written.</param>
    /// <param name="task">The call; null for one that was removed.</param>
    public async Task WriteErrorEventAsync(HttpContext context, ICallForm form, TaskView? task)
    {
        if (task is null || task.State == TaskState.Completed)
        {
            await WriteErrorEventAsync(context, form, "The answer broke off.");
            return;
        }

        var attempt = await engine.Read.LastAttemptAsync(task, context.RequestAborted);
        var status = TaskFailures.StatusOf(attempt);
        var reason = status is null && task.State != TaskState.Running ? ProblemOf(task).Detail : TaskFailures.ReasonOf(task);
        await WriteAsync(context, form.ErrorEventOf(context, reason, status, status is null ? null : attempt!.AnswerHead));
    }

    /// <summary>Ends a stream that has begun with a reason in words.</summary>
    public static Task WriteErrorEventAsync(HttpContext context, ICallForm form, string reason) =>
        WriteAsync(context, form.ErrorEventOf(context, reason, null, null));

    private static async Task WriteAsync(HttpContext context, byte[] bytes)
    {
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
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
