using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

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
            return new(Decode(AfterPrefix(reader.ValueSpan)));

        var buffer = GC.AllocateUninitializedArray<byte>(reader.HasValueSequence ? checked((int)reader.ValueSequence.Length) : reader.ValueSpan.Length);
        return new(Decode(AfterPrefix(buffer.AsSpan(0, reader.CopyString(buffer)))));
    }

    public override void Write(Utf8JsonWriter writer, ImageBytes value, JsonSerializerOptions options) =>
        writer.WriteBase64StringValue(value.Data.Span);

    private static ReadOnlySpan<byte> AfterPrefix(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("data:"u8))
        {
            var marker = text[..Math.Min(text.Length, 512)].IndexOf(";base64,"u8);
            return marker >= 0 ? text[(marker + 8)..] : throw new JsonException("is a data: URL that is not in base64");
        }

        if (text.StartsWith("http://"u8) || text.StartsWith("https://"u8))
            throw new JsonException("is a URL, which is not fetched; send the picture itself as base64 or a data: URL");
        return text;
    }

    private static byte[] Decode(ReadOnlySpan<byte> text)
    {
        if (TryDecode(text, out var bytes))
            return bytes;

        // Some clients omit the padding of one or two characters.
        foreach (var padding in (ReadOnlySpan<int>)[1, 2])
        {
            var padded = GC.AllocateUninitializedArray<byte>(text.Length + padding);
            text.CopyTo(padded);
            padded.AsSpan(text.Length).Fill((byte)'=');
            if (TryDecode(padded, out bytes))
                return bytes;
        }

        throw new JsonException("is not valid base64");
    }

    private static bool TryDecode(ReadOnlySpan<byte> text, out byte[] bytes)
    {
        bytes = [];
        if (!Base64.IsValid(text, out var decodedLength))
            return false;

        bytes = GC.AllocateUninitializedArray<byte>(decodedLength);
        return Base64.DecodeFromUtf8(text, bytes, out _, out var written) == OperationStatus.Done && written == decodedLength;
    }
}
