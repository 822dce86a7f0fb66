using System.Buffers;
using System.Text.Json;
using StashAI.Gateway.Dialects.Calls;
using StashAI.Gateway.Wire.Json;
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
        using var document = AnswerJson.ParseOrNull(answer);
        if (document is not null && AnswerJson.OnOneLineOrNull(document.RootElement) is { } own)
        {
            json.WriteRawValue(own, skipInputValidation: true);
            return;
        }

        json.WriteStartObject();
        json.WriteStartObject("error");
        OpenAiProblems.WriteFields(json, task.ErrorMessage ?? $"The service answered {status}.", OpenAiProblems.TypeOf(status), null, null);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>
    /// Writes the refusal of a direct call: as <see cref="WriteBody"/>, but an answer without an <c>error</c>, which is all that the SDKs
    /// read, becomes one, with all its fields.
    /// </summary>
    /// <inheritdoc cref="WriteBody"/>
    public static void WriteRefusal(Utf8JsonWriter json, TaskView task, int status, string? answer)
    {
        using var document = AnswerJson.ParseOrNull(answer);
        if (document?.RootElement is not { } own || AnswerJson.OnOneLineOrNull(own) is null
            || (own.TryGetProperty("error", out var error) && error.ValueKind is JsonValueKind.Object or JsonValueKind.String))
        {
            WriteBody(json, task, status, answer);
            return;
        }

        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString(
            "message", TextOf(own, "message") ?? TextOf(own, "detail") ?? task.ErrorMessage ?? $"The service answered {status}.");
        json.WriteString("type", TextOf(own, "type") ?? OpenAiProblems.TypeOf(status));
        foreach (var name in (ReadOnlySpan<string>)["param", "code"])
        {
            if (!own.TryGetProperty(name, out _)) json.WriteNull(name);
        }

        foreach (var member in own.EnumerateObject().Where(member => member.Name is not ("message" or "type" or "error")))
            member.WriteTo(json);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>
    /// The event that ends a stream whose answer broke off: the SDKs raise on data with <c>error</c>. It is the service's own error where
    /// it gave one.
    /// </summary>
    /// <param name="reason">Why it broke off, in words.</param>
    /// <param name="status">The status that such an error has; null where it is not known.</param>
    /// <param name="answer">The service's own error as JSON; null where it gave none.</param>
    /// <param name="isResponse">True for a stream of <c>/v1/responses</c>, whose events have names.</param>
    public static byte[] EventOf(string reason, int? status, string? answer, bool isResponse)
    {
        var events = new ArrayBufferWriter<byte>();
        events.Write(isResponse ? "event: error\ndata: "u8 : "data: "u8);
        using (var document = AnswerJson.ParseOrNull(answer))
        using (var json = new Utf8JsonWriter(events, WireJson.Options))
        {
            json.WriteStartObject();
            if (isResponse) json.WriteString("type", "error");
            json.WritePropertyName("error");
            if (document is not null && document.RootElement.TryGetProperty("error", out var error)
                && error.ValueKind is JsonValueKind.Object or JsonValueKind.String && AnswerJson.OnOneLineOrNull(error) is { } own)
            {
                json.WriteRawValue(own, skipInputValidation: true);
            }
            else
            {
                json.WriteStartObject();
                var type = OpenAiProblems.TypeOf(status ?? StatusCodes.Status502BadGateway);
                OpenAiProblems.WriteFields(json, reason, type, null, "stream_broken");
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        events.Write("\n\n"u8);
        return events.WrittenSpan.ToArray();
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

    private static string? TextOf(JsonElement answer, string name) =>
        answer.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
