using System.Text.Json;
using StashAI.Gateway.Intake;

namespace StashAI.Gateway.Dialects.OpenAi.Batches;

/// <summary>Tells why a line cannot be read: it is too deep, is no text in UTF-8, or is not JSON.</summary>
internal static class LineFaults
{
    /// <summary>Why a line could not be parsed.</summary>
    public static string ReasonOf(ReadOnlySpan<byte> line) => line switch
    {
        [0x1F, 0x8B, ..] => "These are bytes of gzip: unpack the file and upload its text.",
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] => "This is UTF-16: save the file as UTF-8.",
        _ when IsTooDeep(line) =>
            $"This line has more than {JsonScanner.MaxDepth} objects and arrays inside each other, the most that a line may have.",
        _ => "This line is not parseable as valid JSON.",
    };

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
