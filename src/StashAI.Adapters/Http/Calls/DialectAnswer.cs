using System.Text.Json;

namespace StashAI.Adapters.Http.Calls;

/// <summary>Looks at the answers of routes of other APIs, of which most need no document.</summary>
internal static class DialectAnswer
{
    /// <summary>True for an object that reports no error. False says that it must be looked at.</summary>
    /// <param name="json">The answer, which is valid JSON.</param>
    public static bool IsPlain(ReadOnlySpan<byte> json)
    {
        try
        {
            return HasNoError(json);
        }
        catch (InvalidOperationException)
        {
            // A name has half of a surrogate pair, which is no text.
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

        return true;
    }
}
