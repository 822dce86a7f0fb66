using System.Diagnostics;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;

namespace StashAI.Queue.Diagnostics;

/// <summary>A span for each attempt. While it is current, HTTP clients send it to the service as <c>traceparent</c>.</summary>
internal static class QueueTraces
{
    public const string SourceName = "StashAI.Queue";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>True when somebody listens.</summary>
    public static bool IsOn => Source.HasListeners();

    /// <summary>Starts the span of an attempt; null when no listener is registered.</summary>
    public static Activity? Begin(ClaimedTask task)
    {
        if (!IsOn) return null;
        var span = Source.StartActivity($"attempt {task.Job.Service}", ActivityKind.Consumer);
        return span?.SetTag("stashai.service", task.Job.Service).SetTag("stashai.job", task.Job.JobId).SetTag("stashai.task", task.TaskId)
            .SetTag("stashai.attempt", task.Attempt);
    }

    public static void End(Activity? span, AttemptResult result)
    {
        if (span is null) return;
        span.SetTag("stashai.outcome", result.Event.ToString());
        if (result.Call.HttpStatus is { } status) span.SetTag("http.response.status_code", status);
        if (result.Event is TaskEvent.RetryLater or TaskEvent.Fail) span.SetStatus(ActivityStatusCode.Error, result.ErrorMessage);
        span.Dispose();
    }
}
