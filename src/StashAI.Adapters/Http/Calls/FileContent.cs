using System.Net;
using System.Net.Http.Headers;
using StashAI.Adapters.Http.Templates;

namespace StashAI.Adapters.Http.Calls;

/// <summary>Streams the bytes of a file.</summary>
internal sealed class FileContent : HttpContent
{
    private readonly FilePart file;

    public FileContent(FilePart file, string? contentType)
    {
        this.file = file;
        // The declared type is sent unchanged; an empty type means no Content-Type.
        if (contentType is { Length: > 0 })
        {
            Headers.TryAddWithoutValidation("Content-Type", contentType);
        }
        else if (contentType is null)
        {
            Headers.ContentType = MediaTypeHeaderValue.TryParse(file.ContentType, out var type)
                ? type
                : new MediaTypeHeaderValue("application/octet-stream");
        }
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await foreach (var piece in file.ReadAsync(cancellationToken)) await stream.WriteAsync(piece, cancellationToken);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = file.Size;
        return true;
    }
}
