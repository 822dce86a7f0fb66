using System.Text.Json;
using StashAI.Gateway.Intake;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>Tells a line that is only too deep from one that is not JSON.</summary>
internal static class LineDepth
{
    /// <summary>Why a line could not be parsed.</summary>
    public static string ReasonOf(ReadOnlySpan<byte> line) => IsTooDeep(line)
        ? $"This line has more than {JsonScanner.MaxDepth} objects and arrays inside each other, the most that a line may have."
        : "This line is not parseable as valid JSON.";

    private static bool IsTooDeep(ReadOnlySpan<byte> line)
    {
        var reader = new Utf8JsonReader(line, new JsonReaderOptions { MaxDepth = int.MaxValue });
        try
        {
            while (reader.Read())
            {
                if (reader.CurrentDepth == JsonScanner.MaxDepth
                    && reader.TokenType is (JsonTokenType.StartObject or JsonTokenType.StartArray))
                {
                    return true;
                }
            }
        }
        catch (JsonException)
        {
            // It is no JSON before it is too deep.
        }

        return false;
    }
}
