using System.Buffers;
using System.Text.Json;
using StashAI.Adapters.Http.Schemas;

namespace StashAI.Gateway.Tests.Services.Values;

/// <summary>`min_length` and `max_length` of texts.</summary>
public sealed class CharacterCountTests
{
    private static readonly string[] Characters = ["a", "\u00e9", "\u65e5", "\U0001F600", "\U00020000", "\u0301"];

    [Fact]
    public void A_character_is_a_code_point()
    {
        var random = new Random(9);
        for (var run = 0; run < 300; run++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(0, 8)).Select(_ => Characters[random.Next(Characters.Length)]));
            var (min, max) = (random.Next(0, 4), random.Next(4, 8));
            var count = text.EnumerateRunes().Count();

            Assert.Equal(
                count >= min && count <= max, Fits(text, new FieldSchema { Type = FieldType.Text, MinLength = min, MaxLength = max }));
        }
    }

    private static bool Fits(string text, FieldSchema schema)
    {
        var errors = new List<FieldError>();
        using var json = new Utf8JsonWriter(new ArrayBufferWriter<byte>());
        using var document = JsonDocument.Parse($"\"{JsonEncodedText.Encode(text)}\"");
        FieldCheck.Write(schema, document.RootElement, "item", false, [], json, errors);
        return errors.Count == 0;
    }
}
