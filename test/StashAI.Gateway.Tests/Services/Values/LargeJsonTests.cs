using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using StashAI.Adapters.Http;

namespace StashAI.Gateway.Tests.Services.Values;

/// <summary>Large JSON strings are decoded and written in pieces as the framework decodes and writes them at once.</summary>
public sealed class LargeJsonTests
{
    private static readonly string[] Parts =
    [
        "plain", "\\n", "\\\"", "\\\\", "\\/", "\\u00e9", "é", "漢", "😀", "\\ud83d\\ude00", "\\u0000", "\\u2028", "\\b\\f\\r\\t", "<>&'",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 1)]
    [InlineData(40, 2)]
    [InlineData(200_000, 3)]
    [InlineData(200_000, 4)]
    [InlineData(400_000, 5)]
    public async Task A_string_is_decoded_in_pieces_as_at_once(int length, int seed)
    {
        var value = Value(length, seed);
        var expected = value.GetString()!;
        var content = JsonMarshal.GetRawUtf8Value(value)[1..^1].ToArray();

        using var decoded = new MemoryStream();
        await JsonEscapes.WriteAsync(content, decoded, Cancellation);

        Assert.Equal(expected, Encoding.UTF8.GetString(decoded.ToArray()));
        Assert.Equal(expected.Length, JsonEscapes.CountCharacters(content));
        Assert.Equal(Encoding.UTF8.GetByteCount(expected), JsonEscapes.CountBytes(content));
        Assert.Equal(expected.EnumerateRunes().Count(), JsonEscapes.CountCodePoints(content));
    }

    [Theory]
    [InlineData(40, 6)]
    [InlineData(200_000, 7)]
    [InlineData(200_000, 8)]
    public void A_value_is_written_in_pieces_as_at_once(int length, int seed)
    {
        var text = Value(length, seed).GetRawText();
        using var document = JsonDocument.Parse($$"""{"a\u0062":[{{text}},1.50,{"x":{{text}},"y":null}],"small":"\u00e9"}""");

        Assert.Equal(Written(document.RootElement.WriteTo), Written(json => LargeJson.Write(json, document.RootElement)));
    }

    [Fact]
    public void Half_of_a_surrogate_pair_is_no_text()
    {
        Assert.Null(JsonEscapes.CountBytes("a\\ud83d"u8));
        Assert.Null(JsonEscapes.CountBytes("\\ud83d\\n"u8));
        Assert.Null(JsonEscapes.CountBytes("\\ude00\\ud83d"u8));
    }

    private static JsonElement Value(int length, int seed)
    {
        var random = new Random(seed);
        var text = new StringBuilder("\"");
        while (text.Length < length) text.Append(Parts[random.Next(Parts.Length)]);
        return JsonElement.Parse(text.Append('"').ToString());
    }

    private static string Written(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            write(json);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
