using System.Text.Json;
using System.Text.Json.Serialization;
using StashAI.Hosting.Bodies;

namespace StashAI.Visage.Api.Requests;

/// <summary>Decodes base64 directly from the JSON bytes, without creating a string.</summary>
internal sealed class ImageBytesConverter : JsonConverter<ImageBytes>
{
    public override ImageBytes Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException("must be a picture as a base64 string or a data: URL");

        // Text without escapes is decoded in place: bodies are read whole, so it is contiguous.
        if (!reader.ValueIsEscaped && !reader.HasValueSequence)
            return new(Decode(reader.ValueSpan));

        var buffer = GC.AllocateUninitializedArray<byte>(
            reader.HasValueSequence ? checked((int)reader.ValueSequence.Length) : reader.ValueSpan.Length);
        return new(Decode(buffer.AsSpan(0, reader.CopyString(buffer))));
    }

    public override void Write(Utf8JsonWriter writer, ImageBytes value, JsonSerializerOptions options) =>
        writer.WriteBase64StringValue(value.Data.Span);

    private static ReadOnlyMemory<byte> Decode(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("http://"u8) || text.StartsWith("https://"u8))
            throw new JsonException("is a URL, which is not fetched; send the picture itself as base64 or a data: URL");
        return Base64Reader.TryRead(text, out var bytes, out var error)
            ? bytes
            : throw new JsonException($"{error}; {Base64Reader.Advice}");
    }
}
