using System.Text.Json;
using StashAI.Gateway.Dialects.Calls;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>Writes a line of the file of results or failures.</summary>
internal static class LineJson
{
    /// <param name="json">Receives the line.</param>
    /// <param name="job">The job's public id.</param>
    /// <param name="task">The task, with its result if it completed.</param>
    /// <param name="attempt">The last attempt at a task that failed; null where it does not matter.</param>
    public static void Write(Utf8JsonWriter json, Guid job, TaskView task, AttemptView? attempt)
    {
        json.WriteStartObject();
        json.WriteString("id", OpenAiIds.OfLine(job, task.Ordinal));
        json.WritePropertyName("custom_id");
        json.WriteRawValue(task.Item.Id ?? "null", skipInputValidation: true);
        if (task.State == TaskState.Completed)
        {
            BeginResponse(json, job, task, StatusCodes.Status200OK);
            json.WriteRaw("body", ResultJson.OnOneLine(task.Output));
            json.WriteEndObject();
            json.WriteNull("error");
        }
        else if (TaskFailures.StatusOf(attempt) is { } status)
        {
            BeginResponse(json, job, task, status);
            json.WritePropertyName("body");
            FailureJson.WriteBody(json, task, status, attempt!.AnswerHead);
            json.WriteEndObject();
            json.WriteNull("error");
        }
        else
        {
            json.WriteNull("response");
            json.WriteStartObject("error");
            var (code, message) = FailureJson.ErrorOf(task);
            json.WriteString("code", code);
            json.WriteString("message", message);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void BeginResponse(Utf8JsonWriter json, Guid job, TaskView task, int status)
    {
        json.WriteStartObject("response");
        json.WriteNumber("status_code", status);
        json.WriteString("request_id", OpenAiIds.OfRequest(job, task.Ordinal));
    }
}
