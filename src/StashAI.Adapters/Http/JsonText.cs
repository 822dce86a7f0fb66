using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace StashAI.Adapters.Http;

/// <summary>Looks at answers without trusting them.</summary>
internal static class JsonText
{
    /// <summary>What is kept of an answer for people to look at.</summary>
    public const int HeadBytes = 2048;

    public static bool IsValid(ReadOnlySpan<byte> body)
    {
        // The reader does not look into strings, and whoever reads the result would choke on it.
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

    /// <summary>A value as text: a text without its quotes, anything else as JSON.</summary>
    public static string Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Undefined => "",
        _ => value.GetRawText(),
    };

    public static string Head(ReadOnlySpan<byte> body) => Encoding.UTF8.GetString(body[..Math.Min(body.Length, HeadBytes)]).Replace('\0', ' ');
}
