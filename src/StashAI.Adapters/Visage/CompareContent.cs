using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using StashAI.Adapters.Http.Calls;

namespace StashAI.Adapters.Visage;

/// <summary>A JSON object whose photos are written as base64 from the store, piece by piece.</summary>
internal sealed class CompareContent : HttpContent
{
    private readonly IReadOnlyList<(string Field, FilePart Photo)> photos;
    private readonly ReadOnlyMemory<byte> fields;

    public CompareContent(IReadOnlyList<(string Field, FilePart Photo)> photos, ReadOnlyMemory<byte> fields)
    {
        (this.photos, this.fields) = (photos, fields);
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    private ReadOnlyMemory<byte> End => photos.Count == 0 ? fields : fields.Length == 2 ? "\"}"u8.ToArray() : (byte[])[.. "\","u8, .. fields.Span[1..]];

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        for (var i = 0; i < photos.Count; i++)
        {
            await stream.WriteAsync(Begin(i), cancellationToken);
            await WriteBase64Async(stream, photos[i].Photo, cancellationToken);
        }

        await stream.WriteAsync(End, cancellationToken);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = End.Length;
        for (var i = 0; i < photos.Count; i++) length += Begin(i).Length + ((photos[i].Photo.Size + 2) / 3 * 4);
        return true;
    }

    private byte[] Begin(int photo) => Encoding.ASCII.GetBytes($"{(photo == 0 ? "{" : "\",")}\"{photos[photo].Field}\":\"");

    private static async Task WriteBase64Async(Stream stream, FilePart photo, CancellationToken cancellationToken)
    {
        const int Portion = 48 * 1024; // A multiple of 3: no padding inside.
        var buffer = ArrayPool<byte>.Shared.Rent(Base64.GetMaxEncodedToUtf8Length(Portion));
        try
        {
            await foreach (var piece in photo.ReadAsync(cancellationToken))
            {
                for (var rest = piece; rest.Length > 0;)
                {
                    var taken = Math.Min(rest.Length, Portion);
                    Base64.EncodeToUtf8(rest.Span[..taken], buffer, out _, out var written);
                    await stream.WriteAsync(buffer.AsMemory(0, written), cancellationToken);
                    rest = rest[taken..];
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
