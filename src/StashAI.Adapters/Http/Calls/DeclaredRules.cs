using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using StashAI.Sdk;

namespace StashAI.Adapters.Http.Calls;

/// <summary>Interprets the answers of a declared operation.</summary>
internal sealed class DeclaredRules : AnswerRules
{
    private const int MaxMessage = 500;
    private static readonly JsonWriterOptions RelaxedJson = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Made when the first answer is read.</summary>
    private ResultFields? cut;

    /// <summary>True when the answer is plain text; the result is then one JSON string.</summary>
    public bool IsText { get; init; }

    /// <summary>Where the answer has the result.</summary>
    public JsonPointer Result { get; init; } = JsonPointer.Root;

    /// <summary>The fields of the result and where the answer has them; empty to use <see cref="Result"/> instead.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonPointer>> Fields { get; init; } = [];

    /// <summary>Fields that an answer may omit; then the result omits them too.</summary>
    public IReadOnlyList<KeyValuePair<string, JsonPointer>> OptionalFields { get; init; } = [];

    /// <summary>Where an error answer has its message; null for the usual places.</summary>
    public JsonPointer? Message { get; init; }

    /// <summary>A successful answer with a value here is an error; null when there is no such place.</summary>
    public JsonPointer? ErrorInAnswer { get; init; }

    /// <summary>The statuses whose meaning differs from the default.</summary>
    public IReadOnlyDictionary<int, StatusMeaning> Statuses { get; init; } = new Dictionary<int, StatusMeaning>();

    /// <summary>An error whose text contains one of these may succeed later.</summary>
    public IReadOnlyList<string> RetryTexts { get; init; } = [];

    /// <summary>An answer that contains one of these is a failure that a retry cannot change, whatever its status is.</summary>
    public IReadOnlyList<string> FailTexts { get; init; } = [];

    /// <summary>
    /// True for the answers of routes of other APIs, which are passed on as they are: each is an object, and one with an error in it is a
    /// failure, whatever its status is.
    /// </summary>
    public bool IsOfDialect { get; init; }

    public override bool IsJson => !IsText;

    /// <summary>The same rules for the answers of a route of another API.</summary>
    public DeclaredRules ForDialect() => new()
    {
        IsOfDialect = true,
        Message = Message,
        ErrorInAnswer = ErrorInAnswer,
        Statuses = Statuses,
        RetryTexts = RetryTexts,
        FailTexts = FailTexts,
    };

    /// <summary>The same rules for answers that are text.</summary>
    public DeclaredRules AsText() => new()
    {
        IsText = true,
        IsOfDialect = IsOfDialect,
        ErrorInAnswer = ErrorInAnswer,
        Message = Message,
        Statuses = Statuses,
        RetryTexts = RetryTexts,
        FailTexts = FailTexts,
    };

    /// <summary>The same rules for errors, with the whole answer as the result.</summary>
    public DeclaredRules ForErrors() =>
        new() { Message = Message, ErrorInAnswer = ErrorInAnswer, Statuses = Statuses, RetryTexts = RetryTexts, FailTexts = FailTexts };

    public override StatusMeaning Meaning(int status, bool hasRetryAfter) =>
        Statuses.TryGetValue(status, out var meaning) ? meaning : base.Meaning(status, hasRetryAfter);

    public override TaskOutcome? ReadError(System.Net.HttpStatusCode status, string head)
    {
        var call = new CallReport((int)status, head);
        if (FindFailText(head, call) is { } failure) return failure;
        return IsTransient(head) && Meaning((int)status, false) == StatusMeaning.Fail
            ? new TaskOutcome.Retry(
                ErrorKind.ServiceError, $"The service answered {(int)status}: {ReadReason(head) ?? Truncate(head)}", call)
            : null;
    }

    public override string? ReadReason(string head)
    {
        if (Message is null) return null;
        try
        {
            using var document = JsonDocument.Parse(head);
            return Message.Find(document.RootElement) is { } found ? Truncate(JsonText.Of(found)) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public override TaskOutcome ReadSuccess(ReadOnlyMemory<byte> body, string? mediaType, CallReport call)
    {
        if (FailTexts.Count > 0 && FindFailText(Encoding.UTF8.GetString(body.Span), call) is { } failure) return failure;
        if (IsText) return (IsOfDialect ? FindErrorInText(body, mediaType, call) : null) ?? ReadText(body, call);
        var isPlain = IsOfDialect && DialectAnswer.IsPlain(body.Span);
        var isWhole = Result.IsRoot && Fields.Count == 0 && ErrorInAnswer is null;
        // Most answers need no document, and no answer is read twice.
        if (isWhole && (IsOfDialect ? isPlain : JsonText.IsValid(body.Span))) return new TaskOutcome.Completed(body, call);
        using var document = JsonText.ParseValid(body);
        if (document is null) return OrRetry(NotJson(body.Span, mediaType, call));
        if (FindError(document.RootElement, body.Span, call) is { } reported) return reported;
        if (IsOfDialect && document.RootElement.ValueKind != JsonValueKind.Object)
        {
            return OrRetry(new TaskOutcome.Failed(
                ErrorKind.InvalidAnswer, "The service's answer is not a JSON object: check the address and the path.",
                call with { AnswerHead = JsonText.Head(body.Span) }));
        }

        return isWhole ? new TaskOutcome.Completed(body, call) : Select(document.RootElement, body, call);
    }

    private static TaskOutcome ReadText(ReadOnlyMemory<byte> body, CallReport call) => AnswerDefect.FindInvalidByte(body.Span) is { } broken
        ? new TaskOutcome.Failed(
            ErrorKind.InvalidAnswer,
            $"The service's answer is not valid UTF-8: byte 0x{body.Span[broken]:X2} at offset {broken}. "
            + "Its Content-Type should name the charset that it has.",
            call with { AnswerHead = JsonText.Head(body.Span) })
        : new TaskOutcome.Completed(ToJson(json => json.WriteStringValue(body.Span)), call);

    /// <summary>The failure of an answer that contains one of <see cref="FailTexts"/>; null when it contains none.</summary>
    private TaskOutcome.Failed? FindFailText(string text, CallReport call)
    {
        if (FailTexts.FirstOrDefault(part => text.Contains(part, StringComparison.OrdinalIgnoreCase)) is not { } found) return null;
        var head = JsonText.Truncate(text, JsonText.HeadBytes);
        return new TaskOutcome.Failed(
            ErrorKind.Rejected,
            $"The service answered {call.HttpStatus} with '{found}', which its declaration lists under fail_text: "
            + $"{ReadReason(text) ?? UpstreamCall.FindReason(head)}",
            call with { AnswerHead = head });
    }

    /// <summary>An invalid answer may be valid later if it has one of <see cref="RetryTexts"/>.</summary>
    private TaskOutcome OrRetry(TaskOutcome outcome) =>
        outcome is TaskOutcome.Failed failed && failed.Call.AnswerHead is { } head && IsTransient(head)
            ? new TaskOutcome.Retry(failed.Kind, failed.Message, failed.Call)
            : outcome;

    public override TaskOutcome? FindError(JsonElement root, ReadOnlySpan<byte> body, CallReport call)
    {
        if (ErrorInAnswer?.Find(root) is not { } error || IsEmpty(error))
            return IsOfDialect && AnswerError.Find(root) is { } reported ? Reported(reported, root, body, call) : null;
        var text = Truncate(JsonText.Of(Message?.Find(root) ?? error));
        var report = call with { AnswerHead = JsonText.Head(body) };
        return IsTransient(text)
            ? new TaskOutcome.Retry(ErrorKind.ServiceError, $"The service reports an error: {text}", report)
            : new TaskOutcome.Failed(ErrorKind.Rejected, $"The service reports an error: {text}", report);
    }

    /// <summary>What an error means that an answer reports on its own: the same as its status would.</summary>
    private TaskOutcome Reported(AnswerError error, JsonElement root, ReadOnlySpan<byte> body, CallReport call)
    {
        var text = Message?.Find(root) is { } found ? Truncate(JsonText.Of(found)) : error.Message;
        var message = $"The service reports an error: {text}";
        var report = call with { AnswerHead = JsonText.Head(body) };
        if (IsTransient(text)) return new TaskOutcome.Retry(ErrorKind.ServiceError, message, report);
        return error.Status is not { } status ? new TaskOutcome.Failed(ErrorKind.Rejected, message, report)
            : Meaning(status, false) switch
            {
                StatusMeaning.Throttle => new TaskOutcome.Throttled(null, message, report),
                StatusMeaning.Retry => new TaskOutcome.Retry(ErrorKind.ServiceError, message, report),
                _ => new TaskOutcome.Failed(ErrorKind.Rejected, message, report),
            };
    }

    /// <summary>The failure of an answer that should be a text and is an error or a page; null for any other.</summary>
    private TaskOutcome? FindErrorInText(ReadOnlyMemory<byte> body, string? mediaType, CallReport call)
    {
        if (EventStream.IsField(body.Span)) return null;
        if (AnswerDefect.FindPage(body.Span, mediaType, "a text") is { } page)
            return new TaskOutcome.Failed(ErrorKind.InvalidAnswer, page.Message, call with { AnswerHead = JsonText.Head(body.Span) });
        if (!body.Span.TrimStart(" \t\r\n"u8).StartsWith("{"u8) || !JsonText.IsValid(body.Span)) return null;
        using var answer = JsonDocument.Parse(body);
        return FindError(answer.RootElement, body.Span, call);
    }

    private TaskOutcome Select(JsonElement root, ReadOnlyMemory<byte> body, CallReport call)
    {
        if (Fields.Count == 0)
        {
            return Result.Find(root) is { } result
                ? new TaskOutcome.Completed(JsonMarshal.GetRawUtf8Value(result).ToArray(), call)
                : Missing(Result, body, call);
        }

        cut ??= new ResultFields(Fields, OptionalFields);
        return cut.TryCut(root, out var missing) is { } fields ? new TaskOutcome.Completed(fields, call) : Missing(missing!, body, call);
    }

    private TaskOutcome Missing(JsonPointer pointer, ReadOnlyMemory<byte> body, CallReport call) => OrRetry(
        new TaskOutcome.Failed(
            ErrorKind.InvalidAnswer,
            $"The service's answer has nothing at {pointer}.",
            call with { AnswerHead = JsonText.Head(body.Span) }));

    private bool IsTransient(string text) => RetryTexts.Any(part => text.Contains(part, StringComparison.OrdinalIgnoreCase));

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.String => value.GetRawText().Length == 2,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };

    private static string Truncate(string text) => JsonText.Truncate(text, MaxMessage);

    private static byte[] ToJson(Action<Utf8JsonWriter> write) => JsonText.Write(write, RelaxedJson);
}
