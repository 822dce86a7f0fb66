using System.Text.Json;
using StashAI.Client.Errors;
using StashAI.Client.Models;

namespace StashAI.Client.Live;

/// <summary>Reads live messages; the WebSocket and the event stream send the same.</summary>
internal static class LiveMessages
{
    /// <summary>The progress of a job that a message tells; null for any other message.</summary>
    /// <exception cref="StashNotFoundException">The server knows no such job.</exception>
    public static JobProgress? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            var message = JsonSerializer.Deserialize(json, StashJsonContext.Default.LiveMessage);
            return message?.Type switch
            {
                "job_progress" => JsonSerializer.Deserialize(json, StashJsonContext.Default.JobProgress),
                "error" => throw new StashNotFoundException(message.Message ?? "The server does not know the job."),
                _ => null,
            };
        }
        catch (JsonException exception)
        {
            throw new StashProtocolException($"A live message is not valid: {exception.Message}", exception);
        }
    }
}
