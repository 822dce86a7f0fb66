using System.Text.Json;
using StashAI.Gateway.Upstreams.Trials;
using StashAI.Gateway.Wire.Json;
using StashAI.Gateway.Wire.Queue;
using StashAI.Sdk;

namespace StashAI.Gateway.Routes.Trials;

/// <summary>Writes a trial call: the request, the answer, the result, and the error as a task would get it; without secrets.</summary>
internal static class TrialJson
{
    /// <summary>The most bytes of a body that are shown.</summary>
    public const int MaxShown = 16 * 1024;

    public static void WriteFields(Utf8JsonWriter json, TrialReport report)
    {
        json.WriteBoolean("ok", report.Outcome is TaskOutcome.Completed);
        json.WriteNumber("duration_ms", Math.Round(report.Time.TotalMilliseconds, 3));
        WriteExchange(json, report.Exchanges.Count > 0 ? report.Exchanges[^1] : null);
        if (report.Outcome is TaskOutcome.Completed done) json.WriteRaw("result", report.Mask.Hide(done.Output));
        else json.WriteNull("result");
        WriteError(json, report);
    }

    private static void WriteExchange(Utf8JsonWriter json, TrialExchange? exchange)
    {
        if (exchange is null)
        {
            json.WriteNull("request");
            json.WriteNull("answer");
            return;
        }

        json.WriteStartObject("request");
        json.WriteString("method", exchange.Method);
        json.WriteString("url", exchange.Url);
        json.WriteStartArray("headers");
        foreach (var (name, value) in exchange.Headers)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("value", value);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("body", exchange.Body);
        json.WriteEndObject();
        if (exchange.Status is not { } status)
        {
            json.WriteNull("answer");
            return;
        }

        json.WriteStartObject("answer");
        json.WriteNumber("status", status);
        json.WriteString("content_type", exchange.AnswerType);
        json.WriteNumber("bytes", exchange.AnswerBytes);
        json.WriteString("body", exchange.Answer);
        json.WriteEndObject();
    }

    private static void WriteError(Utf8JsonWriter json, TrialReport report)
    {
        var (kind, message, isFinal) = report.Outcome switch
        {
            TaskOutcome.Completed => (ErrorKind.None, null, false),
            TaskOutcome.Retry retry => (retry.Kind, retry.Message, false),
            TaskOutcome.Throttled throttled => (ErrorKind.Throttled, throttled.Message, false),
            TaskOutcome.Failed failed => (failed.Kind, failed.Message, true),
            _ => (ErrorKind.Timeout, $"The service did not answer within {report.Timeout.TotalSeconds:0.#} s.", false),
        };
        json.WriteString("error_kind", kind == ErrorKind.None ? null : ErrorWords.Of(kind));
        json.WriteString("error", message is null ? null : report.Mask.Hide(message));
        json.WriteBoolean("would_retry", kind != ErrorKind.None && !isFinal);
    }
}
