using System.Text.Json;
using StashAI.Gateway.Wire.Json;
using StashAI.Queue.Model.Tasks;
using StashAI.Sdk;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>The history of a task: its ended attempts, oldest first.</summary>
internal static class AttemptJson
{
    public static void WriteList(Utf8JsonWriter json, IReadOnlyList<AttemptView> attempts)
    {
        json.WriteStartArray("attempts");
        foreach (var attempt in attempts)
        {
            json.WriteStartObject();
            json.WriteNumber("attempt", attempt.Number);
            json.WriteNumber("fence", attempt.Fence);
            json.WriteString("outcome", Outcome(attempt.Event));
            json.WriteTime("started_at", attempt.StartedAt);
            json.WriteTime("finished_at", attempt.EndedAt);
            json.WriteNumberOrNull("duration_ms", (attempt.EndedAt - attempt.StartedAt).TotalMilliseconds);
            json.WriteString("node", attempt.Node);
            json.WriteNumberOrNull("http_status", attempt.HttpStatus);
            json.WriteString("error_kind", attempt.ErrorKind == ErrorKind.None ? null : ErrorWords.Of(attempt.ErrorKind));
            json.WriteString("error_message", attempt.ErrorMessage);
            json.WriteString("answer_head", attempt.AnswerHead);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Outcome(TaskEvent how) => how switch
    {
        TaskEvent.Succeed => "completed",
        TaskEvent.RetryLater => "retried",
        TaskEvent.Throttle => "throttled",
        TaskEvent.Fail or TaskEvent.Poison => "failed",
        TaskEvent.Abort => "cancelled",
        TaskEvent.LoseLease => "lost",
        _ => "released",
    };
}
