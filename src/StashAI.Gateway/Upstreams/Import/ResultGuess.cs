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
