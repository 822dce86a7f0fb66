using System.Net;
using System.Net.Http.Headers;
using StashAI.Sdk;

namespace StashAI.Adapters.Visage;

/// <summary>A video that is passed on while it is read, from the store or from the address that has it.</summary>
internal sealed class VideoContent : HttpContent
{
    private const int PieceBytes = 128 * 1024;

    private readonly TaskPayload? stored;
    private readonly HttpContent? fetched;

    /// <param name="stored">The video in the store.</param>
    public VideoContent(TaskPayload stored)
        : this() => this.stored = stored;

    /// <param name="fetched">The answer of the address. The service removes its codings.</param>
    public VideoContent(HttpContent fetched)
        : this()
    {
        this.fetched = fetched;
        foreach (var coding in fetched.Headers.ContentEncoding) Headers.ContentEncoding.Add(coding);
    }

    private VideoContent() => Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");

    /// <summary>Why the address that has the video did not give all of it; null when it did.</summary>
    public Exception? SourceFailure { get; private set; }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        if (stored is not null)
        {
            await foreach (var piece in stored.ReadAsync(cancellationToken)) await stream.WriteAsync(piece, cancellationToken);
            return;
        }

        var buffer = new byte[PieceBytes];
        await using var source = await fetched!.ReadAsStreamAsync(cancellationToken);
        for (int read; (read = await ReadAsync(source, buffer, cancellationToken)) > 0;)
            await stream.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        var known = stored?.Size ?? fetched!.Headers.ContentLength;
        length = known ?? 0;
        return known is not null;
    }

    /// <summary>Tells a fault of the address that has the video from one of the service that takes it.</summary>
    private async Task<int> ReadAsync(Stream source, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await source.ReadAsync(buffer, cancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            SourceFailure = exception;
            throw;
        }
    }
}
