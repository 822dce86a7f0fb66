using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace StashAI.Adapters.Http;

/// <summary>Helpers for untrusted JSON and for reading its values as text.</summary>
internal static class JsonText
{
    /// <summary>How many bytes of an error answer are kept for people to read.</summary>
    public const int HeadBytes = 2048;

    public static bool IsValid(ReadOnlySpan<byte> body)
    {
        // Utf8JsonReader does not validate the UTF-8 inside strings, but the code that later reads the result needs valid text.
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

    /// <summary>A value as text: a string without its quotes, any other value as JSON.</summary>
    public static string Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => TextOf(value),
        JsonValueKind.Undefined => "",
        _ => value.GetRawText(),
    };

    /// <summary>
    /// A member of an object; null when there is none. Names that are not text, because of half of a surrogate pair, match nothing.
    /// </summary>
    public static JsonElement? FindMember(JsonElement value, string name) => FindMember(value, name, default);

    /// <inheritdoc cref="FindMember(JsonElement, string)"/>
    /// <param name="value">The object.</param>
    /// <param name="name">The name.</param>
    /// <param name="utf8">The same name as UTF-8, where it is at hand, which is quicker; empty where it is not.</param>
    public static JsonElement? FindMember(JsonElement value, string name, ReadOnlySpan<byte> utf8)
    {
        try
        {
            return (utf8.IsEmpty ? value.TryGetProperty(name, out var member) : value.TryGetProperty(utf8, out member)) ? member : null;
        }
        catch (InvalidOperationException)
        {
            JsonElement? found = null;
            foreach (var property in value.EnumerateObject())
            {
                if (HasName(property, name)) found = property.Value;
            }

            return found;
        }
    }

    /// <summary>Whether a member has a name. One that is not text, because of half of a surrogate pair, has none.</summary>
    public static bool HasName(JsonProperty property, string name)
    {
        try
        {
            return property.NameEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The text of a JSON string; its escapes remain when it has half of a surrogate pair, which is not text.</summary>
    private static string TextOf(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return value.GetRawText()[1..^1];
        }
    }

    /// <summary>The document of an untrusted text; null for what is not valid, see <see cref="IsValid"/>.</summary>
    public static JsonDocument? ParseValid(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span)) return null;
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The parsed JSON; null when there is none.</summary>
    public static JsonDocument? ParseOrNull(ReadOnlyMemory<byte> json) => json.IsEmpty ? null : JsonDocument.Parse(json);

    /// <summary>The JSON that an action writes, as UTF-8.</summary>
    public static byte[] Write(Action<Utf8JsonWriter> write, JsonWriterOptions options = default)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, options)) write(json);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The text, without what exceeds a number of characters.</summary>
    public static string Truncate(string text, int maxLength) =>
        text.Length <= maxLength ? text : text[..(char.IsHighSurrogate(text[maxLength - 1]) ? maxLength - 1 : maxLength)];

    public static string Head(ReadOnlySpan<byte> body) =>
        Encoding.UTF8.GetString(body[..Math.Min(body.Length, HeadBytes)]).Replace('\0', ' ');
}
