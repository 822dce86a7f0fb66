using System.Net;
using System.Net.Http.Headers;

namespace StashAI.Gateway.Upstreams.Gallery;

/// <summary>A body that is written while it is sent, so that it may have any size.</summary>
internal sealed class StreamedContent : HttpContent
{
    private readonly Func<Stream, CancellationToken, Task> write;
    private readonly long? length;

    /// <param name="contentType">The type of the body.</param>
    /// <param name="length">Its length; null if unknown.</param>
    /// <param name="write">Writes it, once.</param>
    public StreamedContent(string contentType, long? length, Func<Stream, CancellationToken, Task> write)
    {
        this.length = length;
        this.write = write;
        Headers.ContentType = new MediaTypeHeaderValue(contentType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        write(stream, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = this.length ?? 0;
        return this.length is not null;
    }
}
