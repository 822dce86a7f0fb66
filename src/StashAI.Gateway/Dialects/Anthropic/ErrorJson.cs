using System.Text.Json;
using StashAI.Gateway.Dialects.Calls;
using StashAI.Queue.Model.Tasks;
using StashAI.Sdk;

namespace StashAI.Gateway.Dialects.Anthropic;

/// <summary>
/// Writes why a task failed as an error of this API: the service's own error if it has this form, else its words or this server's.
/// </summary>
internal static class ErrorJson
{
    /// <param name="json">Receives the error.</param>
    /// <param name="task">The task that failed.</param>
    /// <param name="status">The status of the service's answer; null where there was none.</param>
    /// <param name="answer">The beginning of the service's answer; null where it is not known.</param>
    /// <param name="requestId">The id of the request, unless the service gave one.</param>
    public static void Write(Utf8JsonWriter json, TaskView task, int? status, string? answer, string requestId) =>
        Write(json, status is { } known ? AnthropicProblems.TypeOf(known) : TypeOf(task), TaskFailures.ReasonOf(task), answer, requestId);

    /// <param name="json">Receives the error.</param>
    /// <param name="type">The type of the error, unless the service gave one.</param>
    /// <param name="reason">What went wrong, unless the service said it.</param>
    /// <param name="answer">The beginning of the service's answer; null where it is not known.</param>
    /// <param name="requestId">The id of the request, unless the service gave one.</param>
    public static void Write(Utf8JsonWriter json, string type, string reason, string? answer, string requestId)
    {
        using var document = AnswerJson.ParseOrNull(answer);
        var root = document?.RootElement;
        json.WriteStartObject();
        json.WriteString("type", "error");
        if (Member(root, "error") is { } own && Text(own, "type") is not null && Text(own, "message") is not null
            && Text(root, "type") == "error" && AnswerJson.OnOneLineOrNull(own) is { } whole)
        {
            json.WritePropertyName("error");
            json.WriteRawValue(whole, skipInputValidation: true);
        }
        else
        {
            json.WriteStartObject("error");
            json.WriteString("type", type);
            json.WriteString("message", Text(Member(root, "error"), "message") ?? Text(root, "message") ?? reason);
            json.WriteEndObject();
        }

        json.WriteString("request_id", Text(root, "request_id") ?? requestId);
        json.WriteEndObject();
    }

    private static string TypeOf(TaskView task) => task.ErrorKind switch
    {
        // Nothing was sent: the request has something that the service does not understand.
        ErrorKind.InvalidInput => "invalid_request_error",
        ErrorKind.Timeout => "timeout_error",
        ErrorKind.Throttled => "rate_limit_error",
        _ => "api_error",
    };

    private static JsonElement? Member(JsonElement? value, string name) =>
        value is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out var member)
            && member.ValueKind == JsonValueKind.Object ? member : null;

    private static string? Text(JsonElement? value, string name)
    {
        try
        {
            return value is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out var text)
                && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair is no text.
            return null;
        }
    }
}
