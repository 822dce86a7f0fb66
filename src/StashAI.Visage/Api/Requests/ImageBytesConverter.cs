using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace StashAI.Visage.Api.Requests;

/// <summary>Decodes base64 from the JSON bytes, without a string in between.</summary>
internal sealed class ImageBytesConverter : JsonConverter<ImageBytes>
{
    public override ImageBytes Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException("must be a picture as a base64 string or a data: URL");

        var length = reader.HasValueSequence ? checked((int)reader.ValueSequence.Length) : reader.ValueSpan.Length;
        var buffer = ArrayPool<byte>.Shared.Rent(length + 2);
        try
        {
            var text = buffer.AsSpan(0, reader.CopyString(buffer));
            return new(Decode(buffer, AfterPrefix(text)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public override void Write(Utf8JsonWriter writer, ImageBytes value, JsonSerializerOptions options) =>
        writer.WriteBase64StringValue(value.Data.Span);

    private static Range AfterPrefix(ReadOnlySpan<byte> text)
    {
        if (text.StartsWith("data:"u8))
        {
            var marker = text[..Math.Min(text.Length, 512)].IndexOf(";base64,"u8);
            return marker >= 0
                ? (marker + 8)..text.Length
                : throw new JsonException("is a data: URL that is not in base64");
        }

        if (text.StartsWith("http://"u8) || text.StartsWith("https://"u8))
            throw new JsonException("is an address; send the picture itself as base64 or a data: URL, addresses are not fetched");
        return 0..text.Length;
    }

    private static byte[] Decode(byte[] buffer, Range range)
    {
        var end = range.End.Value;
        // Some clients leave the padding out.
        for (var missing = (4 - ((end - range.Start.Value) & 3)) & 3; missing is 1 or 2; missing--)
            buffer[end++] = (byte)'=';

        var text = buffer.AsSpan(range.Start.Value..range.End.Value);
        if (TryDecode(text, out var bytes) || TryDecode(buffer.AsSpan(range.Start.Value..end), out bytes))
            return bytes;
        throw new JsonException("is not valid base64");
    }

    private static bool TryDecode(Span<byte> text, out byte[] bytes)
    {
        bytes = [];
        // Line breaks are skipped by the decoder; in place, the text is overwritten, so check it first.
        if (!Base64.IsValid(text, out var decodedLength))
            return false;

        bytes = GC.AllocateUninitializedArray<byte>(decodedLength);
        return Base64.DecodeFromUtf8(text, bytes, out _, out var written) == OperationStatus.Done && written == decodedLength;
    }
}
