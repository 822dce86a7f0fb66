using System.Net;
using System.Net.Http.Headers;

namespace StashAI.EndToEnd.Tests.Uploads;

/// <summary>One photo that arrives at 50 KB/s, for ten seconds.</summary>
internal sealed class SlowUpload : HttpContent
{
    private const int Pieces = 100;
    private static readonly byte[] Piece = [.. Enumerable.Repeat((byte)'A', 5000)];

    public SlowUpload() => Headers.ContentType = new MediaTypeHeaderValue("application/json");

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync("{\"images\":[\""u8.ToArray(), cancellationToken);
        // The pace is the load itself; nothing is waited for.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var piece = 0; piece < Pieces && await timer.WaitForNextTickAsync(cancellationToken); piece++)
        {
            await stream.WriteAsync(Piece, cancellationToken);
            await stream.FlushAsync(cancellationToken);
        }

        await stream.WriteAsync("\"]}"u8.ToArray(), cancellationToken);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
