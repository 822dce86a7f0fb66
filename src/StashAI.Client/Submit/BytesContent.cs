using System.Net.Http.Headers;
using StashAI.Client.Http;

namespace StashAI.Client.Submit;

/// <summary>A body that is in memory.</summary>
internal sealed class BytesContent : SentContent
{
    private readonly ReadOnlyMemory<byte> bytes;

    private readonly IProgress<SubmitProgress>? progress;
    private readonly SubmitProgress whole;

    /// <param name="bytes">The body.</param>
    /// <param name="progress">Told when it is sent; null for nobody.</param>
    /// <param name="whole">What it is told.</param>
    public BytesContent(ReadOnlyMemory<byte> bytes, IProgress<SubmitProgress>? progress, SubmitProgress whole)
    {
        (this.bytes, this.progress, this.whole) = (bytes, progress, whole);
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    protected override async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(bytes, cancellationToken).ConfigureAwait(false);
        progress?.Report(whole);
    }
}
