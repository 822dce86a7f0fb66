using System.Net;
using System.Text;
using System.Text.Json;
using StashAI.Sdk;

namespace StashAI.Adapters.Http.Secrets;

/// <summary>
/// Takes secrets out of texts that people read: the values themselves, and the forms in which they travel (percent-encoded, JSON, base64).
/// </summary>
public sealed class SecretMask
{
    /// <summary>What stands in the place of a secret.</summary>
    public const string Shown = "***";

    /// <summary>Shorter values would be found in words that have nothing to do with them.</summary>
    private const int ShortestValue = 4;

    /// <summary>Below this length the middle of a base64 text is not sure to be the secret's.</summary>
    private const int ShortestBase64 = 8;

    private readonly string[] forms;

    /// <summary>Hides these values.</summary>
    public SecretMask(IEnumerable<string> values) =>
        forms = [.. values.Where(value => value.Length >= ShortestValue).SelectMany(Forms).Distinct(StringComparer.Ordinal).OrderByDescending(form => form.Length)];

    /// <summary>Hides nothing.</summary>
    public static SecretMask None { get; } = new([]);

    /// <summary>True when there is nothing to hide.</summary>
    public bool IsEmpty => forms.Length == 0;

    /// <summary>This and more.</summary>
    public SecretMask With(IEnumerable<string> values)
    {
        var more = new SecretMask(values);
        return more.IsEmpty ? this : new SecretMask(forms, more.forms);
    }

    private SecretMask(string[] some, string[] others) => forms = [.. some.Concat(others).Distinct(StringComparer.Ordinal).OrderByDescending(form => form.Length)];

    /// <summary>The text without secrets.</summary>
    public string Hide(string text)
    {
        foreach (var form in forms) text = text.Replace(form, Shown, StringComparison.OrdinalIgnoreCase);
        return HideEnd(text);
    }

    /// <summary>A text that was cut may end inside of a secret.</summary>
    private string HideEnd(string text)
    {
        foreach (var form in forms)
        {
            for (var length = Math.Min(form.Length - 1, text.Length); length >= ShortestValue; length--)
            {
                if (text.EndsWith(form[..length], StringComparison.OrdinalIgnoreCase)) return text[..^length] + Shown;
            }
        }

        return text;
    }

    /// <summary>An answer without secrets; the very same bytes when it has none. They are looked for in the texts that its JSON means.</summary>
    public ReadOnlyMemory<byte> Hide(ReadOnlyMemory<byte> json)
    {
        if (IsEmpty) return json;
        using var hidden = new MemoryStream();
        var copied = 0;
        var reader = new Utf8JsonReader(json.Span);
        while (reader.Read())
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName) || Text(ref reader) is not { } text) continue;
            var shown = forms.Aggregate(text, (rest, form) => rest.Replace(form, Shown, StringComparison.Ordinal));
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

    /// <summary>Null for a text with half of a surrogate pair, which no secret has.</summary>
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

    /// <summary>The outcome with messages and the answer's head without secrets. A result is left alone: see <see cref="Hide(ReadOnlyMemory{byte})"/>.</summary>
    public TaskOutcome Hide(TaskOutcome outcome) => IsEmpty ? outcome : outcome switch
    {
        TaskOutcome.Completed done => new TaskOutcome.Completed(done.Output, Hide(done.Call)),
        TaskOutcome.Retry retry => new TaskOutcome.Retry(retry.Kind, Hide(retry.Message), Hide(retry.Call)),
        TaskOutcome.Throttled throttled => new TaskOutcome.Throttled(throttled.RetryAfter, Hide(throttled.Message), Hide(throttled.Call)),
        TaskOutcome.Failed failed => new TaskOutcome.Failed(failed.Kind, Hide(failed.Message), Hide(failed.Call)),
        _ => outcome,
    };

    private CallReport Hide(CallReport call) => call.AnswerHead is { } head ? call with { AnswerHead = Hide(head) } : call;

    private static IEnumerable<string> Forms(string value)
    {
        yield return value;
        yield return Uri.EscapeDataString(value);
        yield return WebUtility.UrlEncode(value);
        yield return Uri.EscapeDataString(Uri.EscapeDataString(value));
        foreach (var encode in (Func<string, string>[])[text => JsonEncodedText.Encode(text).ToString(), Relaxed, text => InAscii(Relaxed(text))])
        {
            yield return encode(value);
            yield return encode(encode(value)); // JSON in a text of JSON
        }

        var bytes = Encoding.UTF8.GetBytes(value);
        if (bytes.Length >= ShortestBase64)
        {
            for (var before = 0; before < 3; before++)
            {
                var text = InBase64(bytes, before);
                yield return text;
                yield return text.Replace('+', '-').Replace('/', '_');
                yield return Uri.EscapeDataString(text);
            }

            yield return Convert.ToHexString(bytes);
        }

        // `Basic` credentials are the base64 of user and password.
        if (Decoded(value) is not { } inner) yield break;
        yield return inner;
        if (inner.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 && inner.Length - colon > ShortestValue) yield return inner[(colon + 1)..];
    }

    private static string Relaxed(string text) => JsonEncodedText.Encode(text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping).ToString();

    private static string InAscii(string text) =>
        string.Concat(text.Select(one => char.IsAscii(one) ? one.ToString() : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"\\u{(int)one:x4}")));

    /// <summary>The characters that only the value decides, wherever in a longer text it stands.</summary>
    private static string InBase64(byte[] value, int before)
    {
        var text = Convert.ToBase64String([.. new byte[before], .. value]).TrimEnd('=');
        var begin = ((before * 8) + 5) / 6;
        var end = (before + value.Length) * 8 / 6;
        return text[begin..end];
    }

    private static string? Decoded(string value)
    {
        var bytes = new byte[value.Length];
        if (value.Length < ShortestBase64 || !Convert.TryFromBase64String(value, bytes, out var length)) return null;
        var text = Encoding.UTF8.GetString(bytes, 0, length);
        return text.Length >= ShortestValue && text.All(one => one is >= ' ' and <= '~') ? text : null;
    }
}
