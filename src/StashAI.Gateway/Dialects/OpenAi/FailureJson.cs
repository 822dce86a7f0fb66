using System.Text.Json;
using StashAI.Gateway.Dialects.Calls;
using StashAI.Queue.Model.Tasks;
using StashAI.Sdk;

namespace StashAI.Gateway.Dialects.OpenAi;

/// <summary>Writes why a task failed: the service's own answer where it is known, else this server's words.</summary>
internal static class FailureJson
{
    /// <summary>Writes the service's own answer if it is a whole JSON object, else its reason as an error of this API.</summary>
    /// <param name="json">Receives the value.</param>
    /// <param name="task">The task that failed.</param>
    /// <param name="status">The status of the service's answer.</param>
    /// <param name="answer">The beginning of the service's answer; null where it is not known.</param>
    public static void WriteBody(Utf8JsonWriter json, TaskView task, int status, string? answer)
    {
        if (ParseOrNull(answer) is { } document)
        {
            using (document) document.RootElement.WriteTo(json);
            return;
        }

        json.WriteStartObject();
        json.WriteStartObject("error");
        OpenAiProblems.WriteFields(json, task.ErrorMessage ?? $"The service answered {status}.", OpenAiProblems.TypeOf(status), null, null);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The kind and the words of a failure without an answer.</summary>
    public static (string Code, string Message) ErrorOf(TaskView task) => (task.State, task.ErrorKind) switch
    {
        (TaskState.Cancelled, _) => ("batch_cancelled", "This request was not executed because the batch was cancelled."),
        (_, ErrorKind.DeadlineExceeded) =>
            ("batch_expired", "This request could not be executed before the completion window expired."),
        (_, ErrorKind.Connection) => ("upstream_unreachable", TaskFailures.ReasonOf(task)),
        (_, ErrorKind.Timeout) => ("upstream_timeout", TaskFailures.ReasonOf(task)),
        _ => ("batch_failed", TaskFailures.ReasonOf(task)),
    };

    private static JsonDocument? ParseOrNull(string? text)
    {
        if (text is not ['{', ..]) return null;
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            // Of a long answer only the beginning is kept.
            return null;
        }
    }
}
