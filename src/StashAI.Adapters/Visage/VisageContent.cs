using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using StashAI.Adapters.Http;
using StashAI.Sdk;

namespace StashAI.Adapters.Visage;

/// <summary>The request body: JSON whose photo is written as base64 from the store, piece by piece, so that it is never whole in memory.</summary>
internal sealed class VisageContent : HttpContent
{
    private readonly TaskPayload photo;
    private readonly string[] fields;
    private readonly byte[] prefix;
    private readonly byte[] end;

    public VisageContent(TaskPayload photo, string[] fields, VisageConfig config)
    {
        this.photo = photo;
        this.fields = fields;
        prefix = JsonEncodedText.Encode(photo.DataUrlPrefix ?? "", JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes.ToArray();
        end = End(config);
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        for (var i = 0; i < fields.Length; i++)
        {
            await stream.WriteAsync(Begin(i), cancellationToken);
            await stream.WriteAsync(prefix, cancellationToken);
            await Base64Stream.WriteAsync(stream, photo.ReadAsync(cancellationToken), cancellationToken);
        }

        await stream.WriteAsync(end, cancellationToken);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = end.Length;
        for (var i = 0; i < fields.Length; i++) length += Begin(i).Length + prefix.Length + ((photo.Size + 2) / 3 * 4);
        return true;
    }

    private byte[] Begin(int field) => Encoding.ASCII.GetBytes($"{(field == 0 ? "{" : "\",")}\"{fields[field]}\":\"");

    private static byte[] End(VisageConfig config)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            if (config.Threshold is { } threshold) json.WriteNumber("threshold", threshold);
            if (config.MaxFaces is { } faces) json.WriteNumber("results", faces);
            json.WriteEndObject();
        }

        // The object was begun before the photo: its opening brace is replaced by the photo's closing quote.
        var fields = buffer.WrittenSpan[1..];
        return fields.Length == 1 ? "\"}"u8.ToArray() : [.. "\","u8, .. fields];
    }
}
