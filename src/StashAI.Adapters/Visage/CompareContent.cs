using System.Net;
using System.Net.Http.Headers;
using System.Text;
using StashAI.Adapters.Http;
using StashAI.Adapters.Http.Templates;

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
            await Base64Stream.WriteAsync(stream, photos[i].Photo.ReadAsync(cancellationToken), cancellationToken);
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
}
