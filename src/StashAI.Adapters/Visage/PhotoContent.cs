using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using StashAI.Adapters.Http;

namespace StashAI.Adapters.Visage;

/// <summary>
/// A JSON object whose photos are written as base64 while they are read from the store, so that no photo is completely in memory.
/// </summary>
internal sealed class PhotoContent : HttpContent
{
    private readonly (byte[] Opening, PhotoField Photo)[] photos;
    private readonly ReadOnlyMemory<byte> closing;

    /// <param name="photos">The properties that hold photos.</param>
    /// <param name="fields">The other properties: a JSON object.</param>
    public PhotoContent(IEnumerable<PhotoField> photos, ReadOnlyMemory<byte> fields)
    {
        this.photos = [.. photos.Select((photo, index) => (OpeningOf(photo, index), photo))];
        closing = this.photos.Length == 0 ? fields : ClosingOf(fields.Span);
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        foreach (var (opening, photo) in photos)
        {
            await stream.WriteAsync(opening, cancellationToken);
            await Base64Writer.WriteAsync(stream, photo.Read(cancellationToken), cancellationToken);
        }

        await stream.WriteAsync(closing, cancellationToken);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = closing.Length + photos.Sum(photo => photo.Opening.Length + ((photo.Photo.Size + 2) / 3 * 4));
        return true;
    }

    private static byte[] OpeningOf(PhotoField photo, int index)
    {
        var prefix = JsonEncodedText.Encode(photo.DataUrlPrefix, JavaScriptEncoder.UnsafeRelaxedJsonEscaping);
        return Encoding.UTF8.GetBytes($"{(index == 0 ? "{" : "\",")}\"{photo.Name}\":\"{prefix}");
    }

    /// <summary>Closes the last photo's string and continues with the other properties, without their opening brace.</summary>
    private static byte[] ClosingOf(ReadOnlySpan<byte> fields) => fields.Length == 2 ? "\"}"u8.ToArray() : [.. "\","u8, .. fields[1..]];
}

/// <summary>A JSON property that holds a photo.</summary>
/// <param name="Name">The name of the property.</param>
/// <param name="DataUrlPrefix">The text before the base64; empty for plain base64.</param>
/// <param name="Size">The size of the photo in bytes.</param>
/// <param name="Read">Reads the photo in pieces; the length of every piece except the last is a multiple of 3.</param>
internal sealed record PhotoField(
    string Name, string DataUrlPrefix, long Size, Func<CancellationToken, IAsyncEnumerable<ReadOnlyMemory<byte>>> Read);
