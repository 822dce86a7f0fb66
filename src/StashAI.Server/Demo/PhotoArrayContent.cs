using System.Buffers;
using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using StashAI.Queue.Model.Tasks;
using StashAI.Streams.Files;

namespace StashAI.Server.Demo;

/// <summary>
/// A JSON object whose first member is an array of photos in base64, streamed from the files, so that the body of a batch is never in
/// memory.
/// </summary>
internal sealed class PhotoArrayContent : HttpContent
{
    /// <summary>A multiple of 3, so that a piece ends without padding unless it is the last.</summary>
    private const int PieceBytes = 3 * 16 * 1024;

    private readonly string arrayName;
    private readonly IReadOnlyList<DemoPhoto> photos;
    private readonly ReadOnlyMemory<byte> otherMembers;
    private readonly bool areNamed;

    /// <param name="arrayName">Name of the array's member.</param>
    /// <param name="photos">The photos, in order.</param>
    /// <param name="otherMembers">A JSON object in UTF-8 with at least one member; its members follow the array.</param>
    /// <param name="areNamed">True for items with the names of their photos, by which people find them in answers and pages.</param>
    public PhotoArrayContent(
        string arrayName, IReadOnlyList<DemoPhoto> photos, ReadOnlyMemory<byte> otherMembers, bool areNamed = false)
    {
        this.arrayName = arrayName;
        this.photos = photos;
        this.otherMembers = otherMembers;
        this.areNamed = areNamed;
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Encoding.UTF8.GetBytes($$"""{"{{arrayName}}":["""), cancellationToken);
        var separator = "";
        foreach (var photo in photos)
        {
            var (before, after) = areNamed ? ("{\"item_name\":\"" + Named(photo) + "\",\"image\":\"", "\"}") : ("\"", "\"");
            await stream.WriteAsync(Encoding.UTF8.GetBytes(separator + before), cancellationToken);
            await WriteBase64Async(photo.Path, stream, cancellationToken);
            await stream.WriteAsync(Encoding.UTF8.GetBytes(after), cancellationToken);
            separator = ",";
        }
        await stream.WriteAsync("],"u8.ToArray(), cancellationToken);
        await stream.WriteAsync(otherMembers[1..], cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    /// <summary>A path that is too long for a name ends with it, because its end is the file's own name.</summary>
    private static JsonEncodedText Named(DemoPhoto photo) => JsonEncodedText.Encode(ItemName.Clean(photo.Name) ?? "");

    private static async Task WriteBase64Async(string path, Stream stream, CancellationToken cancellationToken)
    {
        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        var text = ArrayPool<byte>.Shared.Rent(Base64.GetMaxEncodedToUtf8Length(PieceBytes));
        try
        {
            await using var file = RegularFile.OpenRead(path);
            int read;
            do
            {
                read = await file.ReadAtLeastAsync(piece.AsMemory(0, PieceBytes), PieceBytes, false, cancellationToken);
                Base64.EncodeToUtf8(piece.AsSpan(0, read), text, out _, out var written);
                await stream.WriteAsync(text.AsMemory(0, written), cancellationToken);
            }
            while (read == PieceBytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
            ArrayPool<byte>.Shared.Return(text);
        }
    }
}
