using System.Text;
using System.Text.Json;
using StashAI.Sdk;

namespace StashAI.Adapters.Http.Secrets;

/// <summary>
/// Replaces secrets in texts: the values themselves, and their percent-encoded, JSON, HTML, hex and base64 forms.
/// </summary>
public sealed class SecretMask
{
    /// <summary>The text that replaces a secret.</summary>
    public const string Replacement = "***";

    /// <summary>Shorter values are not replaced: they occur in unrelated words.</summary>
    private const int ShortestValue = 4;

    /// <summary>Shorter values are not searched for as base64: the match could be a coincidence.</summary>
    private const int ShortestBase64 = 8;

    private readonly SecretPattern[] forms;

    /// <summary>Creates a mask that hides these values.</summary>
    public SecretMask(IEnumerable<string> values) =>
        forms = LongestFirst(values.Where(value => value.Length >= ShortestValue).SelectMany(FormsOf));

    public static SecretMask None { get; } = new([]);

    /// <summary>True when there is nothing to hide.</summary>
    public bool IsEmpty => forms.Length == 0;

    /// <summary>A mask that hides these values too.</summary>
    public SecretMask With(IEnumerable<string> values)
    {
        var other = new SecretMask(values);
        return other.IsEmpty ? this : new SecretMask(forms, other.forms);
    }

    private SecretMask(SecretPattern[] own, SecretPattern[] others) => forms = LongestFirst(own.Concat(others).Select(form => form.Value));

    /// <summary>The text with its secrets replaced, including the start of a secret that was cut off at the end of the text.</summary>
    public string Hide(string text) => forms.Aggregate(text, (rest, form) => form.Hide(rest, Replacement, isForPeople: true));

    /// <summary>
    /// An answer with its secrets replaced; the same bytes when it has none. The strings are decoded from JSON before they are searched.
    /// </summary>
    public ReadOnlyMemory<byte> Hide(ReadOnlyMemory<byte> json)
    {
        if (IsEmpty) return json;
        using var hidden = new MemoryStream();
        var copied = 0;
        var reader = new Utf8JsonReader(json.Span);
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || Text(ref reader) is not { } text) continue;
            var shown = forms.Aggregate(text, (rest, form) => form.Hide(rest, Replacement, isForPeople: false));
            if (shown.Length == text.Length && shown == text) continue;
            var begin = (int)reader.TokenStartIndex;
            hidden.Write(json.Span[copied..begin]);
            hidden.Write(Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(shown)}\""));
            copied = begin + reader.ValueSpan.Length + 2;
        }

        if (copied == 0) return json;
        hidden.Write(json.Span[copied..]);
        return hidden.ToArray();
    }

    /// <summary>The decoded string; null when it has half of a surrogate pair, which no secret has.</summary>
    private static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>
    /// The outcome with the secrets in its message and its answer's head replaced. The result is unchanged; see
    /// <see cref="Hide(ReadOnlyMemory{byte})"/>.
    /// </summary>
    public TaskOutcome Hide(TaskOutcome outcome) => IsEmpty ? outcome : outcome switch
    {
        TaskOutcome.Completed done => new TaskOutcome.Completed(done.Output, Hide(done.Call)) { Cost = done.Cost },
        TaskOutcome.Retry retry => new TaskOutcome.Retry(retry.Kind, Hide(retry.Message), Hide(retry.Call)),
        TaskOutcome.Throttled throttled => new TaskOutcome.Throttled(throttled.RetryAfter, Hide(throttled.Message), Hide(throttled.Call)),
        TaskOutcome.Failed failed => new TaskOutcome.Failed(failed.Kind, Hide(failed.Message), Hide(failed.Call)),
        _ => outcome,
    };

    private CallReport Hide(CallReport call) => call.AnswerHead is { } head ? call with { AnswerHead = Hide(head) } : call;

    private static SecretPattern[] LongestFirst(IEnumerable<string> forms) =>
        [.. forms.Distinct(StringComparer.Ordinal).OrderByDescending(form => form.Length).Select(form => new SecretPattern(form))];

    private static IEnumerable<string> FormsOf(string value)
    {
        yield return value;
        var bytes = Encoding.UTF8.GetBytes(value);
        if (bytes.Length >= ShortestBase64)
        {
            for (var before = 0; before < 3; before++)
            {
                var text = Base64Core(bytes, before);
                yield return text;
                yield return text.Replace('+', '-').Replace('/', '_');
            }

            yield return Convert.ToHexString(bytes);
            yield return Convert.ToHexStringLower(bytes);
        }

        // Basic credentials are the base64 of user and password: hide those too.
        if (DecodeBase64(value) is not { } inner) yield break;
        yield return inner;
        if (inner.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 && inner.Length - colon > ShortestValue)
        {
            yield return inner[(colon + 1)..];
        }
    }

    /// <summary>
    /// The base64 characters that depend only on the value, if <paramref name="before"/> bytes precede it in its group of three.
    /// </summary>
    private static string Base64Core(byte[] value, int before)
    {
        var text = Convert.ToBase64String([.. new byte[before], .. value]).TrimEnd('=');
        var begin = ((before * 8) + 5) / 6;
        var end = (before + value.Length) * 8 / 6;
        return text[begin..end];
    }

    private static string? DecodeBase64(string value)
    {
        var bytes = new byte[value.Length];
        if (value.Length < ShortestBase64 || !Convert.TryFromBase64String(value, bytes, out var length)) return null;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        return text.Length >= ShortestValue && text.All(character => character is >= ' ' and <= '~') ? text : null;
    }
}
