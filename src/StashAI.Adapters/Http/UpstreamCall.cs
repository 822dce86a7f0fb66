using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using StashAI.Sdk;

namespace StashAI.Adapters.Http;

/// <summary>One HTTP call to an AI service: sends it, reads the answer, and says what it means for the task.</summary>
internal static class UpstreamCall
{
    /// <summary>The longest answer that is kept as a result.</summary>
    private const int MaxAnswer = 64 * 1024 * 1024;

    private const int HeadBytes = 2048;

    /// <summary>
    /// Sends the request. <paramref name="judge"/> may turn an answer that is not a success into an outcome of its own; null leaves it
    /// to the rules that hold for every HTTP API.
    /// </summary>
    public static async Task<TaskOutcome> SendAsync(
        HttpClient http, HttpRequestMessage request, Func<HttpStatusCode, string, TaskOutcome?> judge, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.IsSuccessStatusCode
                ? await ReadResultAsync(response, cancellationToken)
                : await ReadErrorAsync(response, judge, cancellationToken);
        }
        catch (OutboundRefusedException refusal)
        {
            return Refused(refusal);
        }
        catch (HttpRequestException error) when (error.InnerException is OutboundRefusedException refusal)
        {
            return Refused(refusal);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return new TaskOutcome.Retry(ErrorKind.Connection, $"{request.RequestUri?.Authority}: {Innermost(error)}", CallReport.None);
        }
    }

    private static TaskOutcome.Failed Refused(OutboundRefusedException refusal) =>
        new(ErrorKind.OutboundRefused, refusal.Message, CallReport.None);

    private static async Task<TaskOutcome> ReadResultAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var body = await ReadAsync(response, MaxAnswer + 1, cancellationToken);
        if (body.Length > MaxAnswer)
        {
            return new TaskOutcome.Failed(
                ErrorKind.InvalidAnswer, $"The service's answer is over {MaxAnswer >> 20} MB.", new CallReport(status));
        }

        // A mark that some servers put before UTF-8; it is no part of the JSON.
        var answer = body.AsSpan().StartsWith("\uFEFF"u8) ? body.AsMemory(3) : body;
        return IsJson(answer.Span)
            ? new TaskOutcome.Completed(answer, new CallReport(status))
            : new TaskOutcome.Retry(ErrorKind.InvalidAnswer, "The service's answer is not JSON.", new CallReport(status, Head(body)));
    }

    private static async Task<TaskOutcome> ReadErrorAsync(
        HttpResponseMessage response, Func<HttpStatusCode, string, TaskOutcome?> judge, CancellationToken cancellationToken)
    {
        var head = Head(await ReadAsync(response, HeadBytes, cancellationToken));
        if (judge(response.StatusCode, head) is { } outcome) return outcome;

        var status = (int)response.StatusCode;
        var call = new CallReport(status, head);
        var message = $"The service answered {status}{(Reason(head) is { Length: > 0 } reason ? $": {reason}" : "")}";
        var retryAfter = RetryAfter(response);
        return status switch
        {
            429 => new TaskOutcome.Throttled(retryAfter, message, call),
            503 when retryAfter is not null => new TaskOutcome.Throttled(retryAfter, message, call),
            408 or 425 or >= 500 => new TaskOutcome.Retry(ErrorKind.ServiceError, message, call),
            _ => new TaskOutcome.Failed(ErrorKind.Rejected, message, call),
        };
    }

    private static async Task<byte[]> ReadAsync(HttpResponseMessage response, int limit, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var announced = response.Content.Headers.ContentLength;
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(limit, announced ?? 16 * 1024) + 1);
        var used = 0;
        try
        {
            int read;
            while (used < limit && (read = await stream.ReadAsync(buffer.AsMemory(used, Math.Min(buffer.Length, limit) - used), cancellationToken)) > 0)
            {
                used += read;
                if (used < buffer.Length || used >= limit) continue;
                var larger = ArrayPool<byte>.Shared.Rent(Math.Min(limit, buffer.Length * 2) + 1);
                buffer.AsSpan(0, used).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(buffer);
                buffer = larger;
            }

            return buffer.AsSpan(0, used).ToArray();
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool IsJson(ReadOnlySpan<byte> body)
    {
        // The reader does not look into strings, and whoever reads the result would choke on it.
        if (!Utf8.IsValid(body)) return false;
        try
        {
            var reader = new Utf8JsonReader(body);
            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static TimeSpan? RetryAfter(HttpResponseMessage response)
    {
        if (response.Headers.RetryAfter is not { } header) return null;
        if (header.Delta is { } delta) return delta;
        if (header.Date is not { } date || response.Headers.Date is not { } now) return null;
        return date > now ? date - now : TimeSpan.Zero;
    }

    /// <summary>The reason in an error answer, by the names that services use.</summary>
    private static string? Reason(string head)
    {
        try
        {
            using var document = JsonDocument.Parse(head);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return head;
            foreach (var name in (ReadOnlySpan<string>)["detail", "message", "error", "title", "explanation"])
            {
                if (document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String) return value.GetString();
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Plain text, JSON that is longer than the head, or a text with half of a surrogate pair.
        }

        return head.Length > 300 ? head[..300] : head;
    }

    private static string Head(ReadOnlySpan<byte> body) => Encoding.UTF8.GetString(body[..Math.Min(body.Length, HeadBytes)]).Replace('\0', ' ');

    private static string Innermost(Exception error)
    {
        while (error.InnerException is { } inner) error = inner;
        return error.Message;
    }
}
