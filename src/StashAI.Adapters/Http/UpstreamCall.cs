using System.Buffers;
using System.Text.Json;
using StashAI.Sdk;

namespace StashAI.Adapters.Http;

/// <summary>Makes one HTTP call to an AI service and turns the answer into an outcome of the task.</summary>
internal static class UpstreamCall
{
    /// <summary>The largest answer that is stored as a result, in bytes.</summary>
    private const int MaxAnswerBytes = 64 * 1024 * 1024;

    /// <summary>Sends the request; <paramref name="rules"/> interpret the answer.</summary>
    public static async Task<TaskOutcome> SendAsync(
        HttpClient http, HttpRequestMessage request, AnswerRules rules, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return response.IsSuccessStatusCode
                ? await ReadResultAsync(response, rules, cancellationToken)
                : await ReadErrorAsync(response, rules, cancellationToken);
        }
        catch (OutboundRefusedException exception)
        {
            return Refused(exception);
        }
        catch (HttpRequestException exception) when (exception.InnerException is OutboundRefusedException refusal)
        {
            return Refused(refusal);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            return new TaskOutcome.Retry(ErrorKind.Connection, $"{request.RequestUri?.Authority}: {Innermost(exception)}", CallReport.None);
        }
    }

    private static TaskOutcome.Failed Refused(OutboundRefusedException refusal) =>
        new(ErrorKind.OutboundRefused, refusal.Message, CallReport.None);

    private static async Task<TaskOutcome> ReadResultAsync(
        HttpResponseMessage response, AnswerRules rules, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        var body = await ReadAsync(response, MaxAnswerBytes + 1, cancellationToken);
        if (body.Length > MaxAnswerBytes)
        {
            return new TaskOutcome.Failed(
                ErrorKind.InvalidAnswer, $"The service's answer is larger than {MaxAnswerBytes >> 20} MB.", new CallReport(status));
        }

        // Some servers send a byte order mark, which is not part of the JSON.
        var answer = body.AsSpan().StartsWith("\uFEFF"u8) ? body.AsMemory(3) : body;
        return rules.ReadSuccess(answer, new CallReport(status));
    }

    private static async Task<TaskOutcome> ReadErrorAsync(
        HttpResponseMessage response, AnswerRules rules, CancellationToken cancellationToken)
    {
        var head = JsonText.Head(await ReadAsync(response, JsonText.HeadBytes, cancellationToken));
        if (rules.ReadError(response.StatusCode, head) is { } outcome) return outcome;

        var status = (int)response.StatusCode;
        var call = new CallReport(status, head);
        var message = $"The service answered {status}{((rules.ReadReason(head) ?? FindReason(head)) is { Length: > 0 } reason ? $": {reason}" : "")}";
        var retryAfter = RetryAfter.Of(response.Headers, TimeProvider.System);
        return rules.Meaning(status, retryAfter is not null) switch
        {
            StatusMeaning.Throttle => new TaskOutcome.Throttled(retryAfter, message, call),
            StatusMeaning.Retry => new TaskOutcome.Retry(ErrorKind.ServiceError, message, call),
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

    /// <summary>Reads the reason from an error answer, by the property names that services commonly use.</summary>
    private static string? FindReason(string head)
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
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The head is plain text, cut-off JSON, or has half of a surrogate pair.
        }

        return JsonText.Truncate(head, 300);
    }

    private static string Innermost(Exception error)
    {
        while (error.InnerException is { } inner) error = inner;
        return error.Message;
    }
}
