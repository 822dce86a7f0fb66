using System.Text;
using System.Text.Json;

namespace StashAI.Gateway.Upstreams.Import;

/// <summary>Guesses where the result is in an answer, from the places that well-known services use.</summary>
internal static class ResultGuess
{
    /// <summary>The result of a service that answers with text.</summary>
    public const string Text = "{format: text}";

    private static readonly string[][] Places =
    [
        ["choices", "0", "message", "content"], ["data", "0", "embedding"], ["responseData", "translatedText"], ["translatedText"],
        ["text"], ["result"], ["results"], ["predictions"], ["output"], ["response"], ["embedding"],
    ];

    /// <summary>A JSON pointer, <c>{format: text}</c> for an answer that is not JSON, or null for the whole answer.</summary>
    public static string? In(byte[] answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            var place = Places.FirstOrDefault(parts => Has(document.RootElement, parts));
            return place is null ? null : "/" + string.Join('/', place);
        }
        catch (JsonException)
        {
            return Text;
        }
    }

    /// <summary>What a guessed place has, as UTF-8 JSON; null for a text, which is the whole answer.</summary>
    public static byte[]? Read(byte[] answer, string place)
    {
        if (place == Text) return null;
        using var document = JsonDocument.Parse(answer);
        var at = document.RootElement;
        foreach (var part in place[1..].Split('/')) at = at.ValueKind == JsonValueKind.Array ? at[0] : at.GetProperty(part);
        return Encoding.UTF8.GetBytes(at.GetRawText());
    }

    private static bool Has(JsonElement at, string[] parts)
    {
        foreach (var part in parts)
        {
            if (at.ValueKind == JsonValueKind.Array && part == "0" && at.GetArrayLength() > 0) at = at[0];
            else if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(part, out at)) return false;
        }

        return true;
    }
}
