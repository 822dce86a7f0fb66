using System.Buffers;
using System.Text.Json;
using StashAI.Gateway.Wire.Json;

namespace StashAI.Gateway.Dialects.Calls;

/// <summary>Reads and writes the answers of services in errors.</summary>
internal static class AnswerJson
{
    /// <summary>The beginning of an answer as an object; null for any other text, and for an answer that is cut off.</summary>
    public static JsonDocument? ParseOrNull(string? text)
    {
        if (text is not ['{', ..]) return null;
        try
        {
            return JsonDocument.Parse(text);
        }
        catch (JsonException)
        {
            // Of a long answer only the beginning is kept.
            return null;
        }
    }

    /// <summary>A value without line breaks; null for one with half of a surrogate pair, which is no text.</summary>
    public static byte[]? OnOneLineOrNull(JsonElement value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        try
        {
            using var json = new Utf8JsonWriter(buffer, WireJson.Options);
            value.WriteTo(json);
            json.Flush();
            return buffer.WrittenSpan.ToArray();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
