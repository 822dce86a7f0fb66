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

    /// <summary>The same rules for errors, with the whole answer as the result.</summary>
    public DeclaredRules ForErrors() => new() { Message = Message, ErrorInAnswer = ErrorInAnswer, Statuses = Statuses, RetryTexts = RetryTexts };

    public override StatusMeaning Meaning(int status, bool hasRetryAfter) =>
        Statuses.TryGetValue(status, out var meaning) ? meaning : base.Meaning(status, hasRetryAfter);

    public override TaskOutcome? ReadError(System.Net.HttpStatusCode status, string head) =>
        IsTransient(head) && Meaning((int)status, false) == StatusMeaning.Fail
            ? new TaskOutcome.Retry(ErrorKind.ServiceError, $"The service answered {(int)status}: {ReadReason(head) ?? Truncate(head)}", new CallReport((int)status, head))
            : null;

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

    public override TaskOutcome ReadSuccess(ReadOnlyMemory<byte> body, CallReport call)
    {
        if (IsText) return new TaskOutcome.Completed(ToJson(json => json.WriteStringValue(Encoding.UTF8.GetString(body.Span))), call);
        if (!JsonText.IsValid(body.Span)) return NotJson(body.Span, call);
        if (Result.IsRoot && Fields.Count == 0 && ErrorInAnswer is null) return new TaskOutcome.Completed(body, call);
        using var document = JsonDocument.Parse(body);
        return FindError(document.RootElement, body.Span, call) ?? Select(document.RootElement, body, call);
    }

    /// <summary>The error that a successful answer reports; null when it reports none.</summary>
    public TaskOutcome? FindError(JsonElement root, ReadOnlySpan<byte> body, CallReport call)
    {
        if (ErrorInAnswer?.Find(root) is not { } error || IsEmpty(error)) return null;
        var text = Truncate(JsonText.Of(Message?.Find(root) ?? error));
        var report = call with { AnswerHead = JsonText.Head(body) };
        return IsTransient(text)
            ? new TaskOutcome.Retry(ErrorKind.ServiceError, $"The service reports an error: {text}", report)
            : new TaskOutcome.Failed(ErrorKind.Rejected, $"The service reports an error: {text}", report);
    }

    private TaskOutcome Select(JsonElement root, ReadOnlyMemory<byte> body, CallReport call)
    {
        if (Fields.Count == 0)
        {
            return Result.Find(root) is { } result
                ? new TaskOutcome.Completed(Encoding.UTF8.GetBytes(result.GetRawText()), call)
                : Missing(Result, body, call);
        }

        foreach (var (_, pointer) in Fields)
        {
            if (pointer.Find(root) is null) return Missing(pointer, body, call);
        }

        return new TaskOutcome.Completed(
            ToJson(json =>
            {
                json.WriteStartObject();
                foreach (var (name, pointer) in Fields)
                {
                    json.WritePropertyName(name);
                    json.WriteRawValue(pointer.Find(root)!.Value.GetRawText());
                }

                foreach (var (name, pointer) in OptionalFields)
                {
                    if (pointer.Find(root) is not { } part) continue;
                    json.WritePropertyName(name);
                    json.WriteRawValue(part.GetRawText());
                }

                json.WriteEndObject();
            }),
            call);
    }

    private static TaskOutcome.Retry Missing(JsonPointer pointer, ReadOnlyMemory<byte> body, CallReport call) =>
        new(ErrorKind.InvalidAnswer, $"The service's answer has nothing at {pointer}.", call with { AnswerHead = JsonText.Head(body.Span) });

    private bool IsTransient(string text) => RetryTexts.Any(part => text.Contains(part, StringComparison.OrdinalIgnoreCase));

    private static bool IsEmpty(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => true,
        JsonValueKind.String => value.GetString()!.Length == 0,
        JsonValueKind.Array => value.GetArrayLength() == 0,
        _ => false,
    };

    private static string Truncate(string text) => JsonText.Truncate(text, MaxMessage);

    private static byte[] ToJson(Action<Utf8JsonWriter> write) => JsonText.Write(write, RelaxedJson);
}
