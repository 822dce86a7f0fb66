using System.Text.Json;
using StashAI.Sdk;

namespace StashAI.Adapters.Http;

/// <summary>Makes one HTTP call to an AI service and turns the answer into an outcome of the task.</summary>
internal static class UpstreamCall
{
    /// <summary>The largest answer that is stored as a result, in bytes.</summary>
    private const int MaxAnswerBytes = 64 * 1024 * 1024;

    /// <summary>Sends the request of a task; <paramref name="rules"/> interpret the answer.</summary>
    public static Task<TaskOutcome> SendAsync(
        TaskContext context, HttpRequestMessage request, AnswerRules rules, CancellationToken cancellationToken,
        AnswerLines? lines = null) =>
        lines is null
            ? CallAsync(context.Http, request, rules, null, context.Memory, cancellationToken)
            : SendPassingAsync(context, request, rules, lines, cancellationToken);

    /// <summary>Sends a request that is of no task.</summary>
    public static Task<TaskOutcome> SendAsync(
        HttpClient http, HttpRequestMessage request, AnswerRules rules, CancellationToken cancellationToken) =>
        CallAsync(http, request, rules, null, null, cancellationToken);

    private static async Task<TaskOutcome> SendPassingAsync(
        TaskContext context, HttpRequestMessage request, AnswerRules rules, AnswerLines lines, CancellationToken cancellationToken)
    {
        var outcome = await CallAsync(context.Http, request, rules, lines, context.Memory, cancellationToken);
        if (!lines.HasPassed) return outcome;
        // Somebody has a part of this answer, and no other attempt can go on behind it.
        return outcome switch
        {
            // A task whose connection broke waits for its service to come back, and this one must not.
            TaskOutcome.Retry { Kind: ErrorKind.Connection } broken =>
                new TaskOutcome.Failed(ErrorKind.InvalidAnswer, $"The service's answer broke off: {broken.Message}", broken.Call),
            TaskOutcome.Retry retry => new TaskOutcome.Failed(retry.Kind, retry.Message, retry.Call),
            TaskOutcome.Throttled throttled => new TaskOutcome.Failed(ErrorKind.Throttled, throttled.Message, throttled.Call),
            _ => outcome,
        };
    }

    private static async Task<TaskOutcome> CallAsync(
        HttpClient http, HttpRequestMessage request, AnswerRules rules, AnswerLines? lines, ICallMemory? memory,
        CancellationToken cancellationToken)
    {
        try
        {
            using var response = await (http is CallClient client
                ? client.CallAsync(request, cancellationToken)
                : http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken));
            return response.IsSuccessStatusCode
                ? await ReadResultAsync(response, rules, lines, memory, cancellationToken)
                : await ReadErrorAsync(response, rules, cancellationToken);
        }
        catch (EventFault fault)
        {
            return fault.Outcome;
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
            return new TaskOutcome.Retry(
                ErrorKind.Connection, $"{request.RequestUri?.Authority}: {FailureText.Of(exception)}", CallReport.None);
        }
    }

    private static TaskOutcome.Failed Refused(OutboundRefusedException refusal) =>
        new(ErrorKind.OutboundRefused, refusal.Message, CallReport.None);

    private static async Task<TaskOutcome> ReadResultAsync(
        HttpResponseMessage response, AnswerRules rules, AnswerLines? lines, ICallMemory? memory, CancellationToken cancellationToken)
    {
        var call = new CallReport((int)response.StatusCode);
        byte[] body;
        try
        {
            body = await AnswerBody.ReadAsync(
                response.Content, MaxAnswerBytes + 1, cancellationToken, lines is null ? null : lines.AddAsync,
                lines?.Events is { } stream ? () => stream.IsWhole : null, memory);
            // A client that leaves behind the end of a stream has its answer, though its call is cancelled then.
            if (lines is not null && !(cancellationToken.IsCancellationRequested && lines.Events is { IsWhole: true }))
                await lines.EndAsync(cancellationToken);
        }
        catch (AnswerException exception)
        {
            var message = $"The service's answer {exception.Message}.";
            return exception.MayPass
                ? new TaskOutcome.Retry(ErrorKind.InvalidAnswer, message, call)
                : new TaskOutcome.Failed(ErrorKind.InvalidAnswer, message, call);
        }

        if (body.Length > MaxAnswerBytes)
        {
            var coding = response.Content.Headers.ContentEncoding.Count > 0 ? " after decompression" : "";
            return new TaskOutcome.Failed(
                ErrorKind.InvalidAnswer, $"The service's answer is larger than {MaxAnswerBytes >> 20} MB{coding}.", call);
        }

        var (mediaType, charset) = TypeOf(response.Content);
        if (lines?.Events is { IsStream: false } none)
        {
            var whole = AnswerText.ToUtf8(body, charset, isJson: true);
            return await ReadWholeAsync(whole, mediaType, rules, lines, none, call, cancellationToken);
        }

        if (lines?.Events is { IsWhole: false, Form.End: var end })
        {
            return new TaskOutcome.Retry(
                ErrorKind.InvalidAnswer, $"The service's stream ended early, without {end}.",
                call with { AnswerHead = JsonText.Head(body) });
        }

        return rules.ReadSuccess(AnswerText.ToUtf8(body, charset, rules.IsJson), mediaType, call);
    }

    /// <summary>Reads an answer that is no stream of events although one was asked for.</summary>
    private static async Task<TaskOutcome> ReadWholeAsync(
        ReadOnlyMemory<byte> body, string? mediaType, AnswerRules rules, AnswerLines lines, EventStream stream, CallReport call,
        CancellationToken cancellationToken)
    {
        var report = call with { AnswerHead = JsonText.Head(body.Span) };
        if (AnswerDefect.Find(body.Span, mediaType, "a stream of events") is { } defect)
            return new TaskOutcome.Failed(ErrorKind.InvalidAnswer, defect.Message, report);
        using var document = JsonDocument.Parse(body);
        if (rules.FindError(document.RootElement, body.Span, call) is { } error) return error;
        if (stream.Form.EventsOf(document.RootElement) is not { } events)
        {
            return new TaskOutcome.Failed(
                ErrorKind.InvalidAnswer,
                "The service's answer is one JSON value instead of a stream of events: it takes no notice of stream, so leave stream out.",
                report);
        }

        await lines.PassAsync(events, cancellationToken);
        return rules.ReadSuccess(events, mediaType, call);
    }

    private static async Task<TaskOutcome> ReadErrorAsync(
        HttpResponseMessage response, AnswerRules rules, CancellationToken cancellationToken)
    {
        var head = await ReadHeadAsync(response, cancellationToken);
        if (rules.ReadError(response.StatusCode, head) is { } outcome) return outcome;

        var status = (int)response.StatusCode;
        var call = new CallReport(status, head);
        var message = "The service answered "
            + $"{status}{((rules.ReadReason(head) ?? FindReason(head)) is { Length: > 0 } reason ? $": {reason}" : "")}";
        var retryAfter = RetryAfter.Of(response.Headers, TimeProvider.System);
        return rules.Meaning(status, retryAfter is not null) switch
        {
            StatusMeaning.Throttle => new TaskOutcome.Throttled(retryAfter, message, call),
            StatusMeaning.Retry => new TaskOutcome.Retry(ErrorKind.ServiceError, message, call),
            _ => new TaskOutcome.Failed(ErrorKind.Rejected, message, call),
        };
    }

    /// <summary>The beginning of an error answer as text; nothing of it when it cannot be decompressed.</summary>
    internal static async Task<string> ReadHeadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            var body = await AnswerBody.ReadAsync(response.Content, JsonText.HeadBytes, cancellationToken);
            return JsonText.Head(AnswerText.ToUtf8(body, TypeOf(response.Content).Charset, isJson: false).Span);
        }
        catch (AnswerException exception)
        {
            return $"(The answer {exception.Message}.)";
        }
    }

    /// <summary>The content type of most answers needs no parser.</summary>
    private static (string? MediaType, string? Charset) TypeOf(HttpContent content) =>
        content.Headers.NonValidated.TryGetValues("Content-Type", out var values) && values.ToString() == "application/json"
            ? ("application/json", null)
            : (content.Headers.ContentType?.MediaType?.ToLowerInvariant(), content.Headers.ContentType?.CharSet);

    /// <summary>Reads the reason from an error answer, by the property names that services commonly use.</summary>
    internal static string? FindReason(string head)
    {
        try
        {
            using var document = JsonDocument.Parse(head);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return head;
            foreach (var name in (ReadOnlySpan<string>)["detail", "message", "error", "title", "explanation"])
            {
                if (JsonText.FindMember(document.RootElement, name) is { ValueKind: JsonValueKind.String } value) return JsonText.Of(value);
            }
        }
        catch (JsonException)
        {
            // The head is plain text or cut-off JSON.
        }

        return JsonText.Truncate(head, 300);
    }
}
