using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Fluid.Values;

namespace StashAI.Adapters.Http.Templates;

/// <summary>
/// The large values that the body of a call takes from its items as they are. The rendered text has a token for each, which is replaced by
/// the bytes of the item while the request is sent.
/// </summary>
/// <param name="nonce">The random text in the tokens of the call.</param>
/// <param name="sources">The items, and what else values may come from.</param>
internal sealed class LargeValues(string nonce, IReadOnlyList<ReadOnlyMemory<byte>> sources)
{
    /// <summary>A token for a value as JSON; it stands in quotes, which are replaced with it.</summary>
    public const char Json = 'r';

    /// <summary>A token for the content of a JSON string.</summary>
    public const char JsonContent = 'j';

    /// <summary>A token for a plain text.</summary>
    public const char Text = 't';

    private readonly List<ReadOnlyMemory<byte>> values = [];

    /// <summary>True while a body is rendered that replaces the tokens; elsewhere values are written into the text.</summary>
    public bool IsOn { get; set; }

    private bool isInText;

    public bool IsEmpty => values.Count == 0;

    /// <summary>The JSON of a value by the number in its token.</summary>
    public ReadOnlyMemory<byte> this[int index] => values[index];

    /// <summary>Writes a token instead of a value, as plain text; null for a value that passes through the template.</summary>
    /// <param name="value">The value.</param>
    /// <param name="characters">How many characters the text has.</param>
    public string? TryWriteText(FluidValue value, out long characters)
    {
        characters = 0;
        if (!IsOn || value is not LargeText { Element: var element }) return null;
        characters = JsonEscapes.CountCharacters(JsonMarshal.GetRawUtf8Value(element)[1..^1]);
        return $"@{nonce}:{Add(element)}:{Text}@";
    }

    /// <summary>The same as JSON.</summary>
    public string? TryWriteJson(FluidValue value, out long characters)
    {
        characters = 0;
        if (!IsOn || isInText || nonce.Length == 0) return null;
        if (value is ArrayValue { Values: not JsonList } items) return TryWriteList(items, out characters);
        var element = value switch
        {
            LargeText text => text.Element,
            JsonObject { Files.Count: 0 } known => known.Element,
            ArrayValue { Values: JsonList list } => list.Element,
            _ => default,
        };
        if (element.ValueKind == JsonValueKind.Undefined) return null;
        var raw = JsonMarshal.GetRawUtf8Value(element);
        if (raw.Length < LargeText.MinBytes) return null;
        characters = Encoding.UTF8.GetCharCount(raw);
        return $"\"@{nonce}:{Add(element)}:{Json}@\"";
    }

    /// <summary>A list of items, as packs have it: its large ones as tokens.</summary>
    private string? TryWriteList(ArrayValue items, out long characters)
    {
        characters = 0;
        var json = new StringBuilder("[");
        var hasTokens = false;
        for (var i = 0; i < items.Values.Count; i++)
        {
            if (i > 0) json.Append(',');
            var token = TryWriteJson(items.Values[i], out var written);
            hasTokens |= token is not null;
            var text = token ?? TemplateText.Json(items.Values[i]);
            characters += token is null ? text.Length : written;
            json.Append(text);
        }

        return hasTokens ? json.Append(']').ToString() : null;
    }

    /// <summary>
    /// Renders a text that becomes part of a JSON string: the tokens of its large texts become those of the contents of JSON strings.
    /// </summary>
    public string InText(Func<string> render)
    {
        isInText = true;
        try
        {
            return ToJson(render());
        }
        finally
        {
            isInText = false;
        }
    }

    private string ToJson(string json) => Replace(json, index => $"@{nonce}:{index}:{JsonContent}@");

    /// <summary>Writes the plain texts into a text, where they must be checked with it.</summary>
    public string Expand(string text) =>
        Replace(text, index => JsonElement.Parse(values[index].Span).GetString()!);

    private string Replace(string text, Func<int, string> by)
    {
        for (var i = 0; i < values.Count; i++)
        {
            var token = string.Create(CultureInfo.InvariantCulture, $"@{nonce}:{i}:{Text}@");
            if (text.Contains(token, StringComparison.Ordinal)) text = text.Replace(token, by(i), StringComparison.Ordinal);
        }

        return text;
    }

    private int Add(JsonElement element)
    {
        var raw = JsonMarshal.GetRawUtf8Value(element);
        var place = ReadOnlyMemory<byte>.Empty;
        foreach (var source in sources)
        {
            if (source.Span.Overlaps(raw, out var at)) place = source.Slice(at, raw.Length);
        }

        values.Add(place.IsEmpty ? raw.ToArray() : place);
        return values.Count - 1;
    }
}
