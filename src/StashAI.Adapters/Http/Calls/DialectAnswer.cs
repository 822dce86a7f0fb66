using System.Text.Json;
using System.Text.Unicode;

namespace StashAI.Adapters.Http.Calls;

/// <summary>Looks at the answers of routes of other APIs, of which most need no document.</summary>
internal static class DialectAnswer
{
    /// <summary>True for a valid JSON object that reports no error, read once. False says that it must be looked at.</summary>
    /// <param name="body">The answer.</param>
    public static bool IsPlain(ReadOnlySpan<byte> body)
    {
        try
        {
            return Utf8.IsValid(body) && HasNoError(body);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // It is not JSON, or a name has half of a surrogate pair, which is no text.
            return false;
        }
    }

    private static bool HasNoError(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isError = reader.ValueTextEquals("error"u8);
            var isWord = reader.ValueTextEquals("type"u8) || reader.ValueTextEquals("object"u8);
            reader.Read();
            if (isError && reader.TokenType != JsonTokenType.Null) return false;
            if (isWord && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("error"u8)) return false;
            reader.Skip();
        }

        // Nothing may follow the object; the reader throws if something does.
        return !reader.Read();
    }
}
