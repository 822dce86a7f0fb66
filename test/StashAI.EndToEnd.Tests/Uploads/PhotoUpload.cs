using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace StashAI.EndToEnd.Tests.Uploads;

/// <summary>A batch of large photos that is generated while it is sent: each is a number of blocks of 48 KB.</summary>
internal sealed class PhotoUpload : HttpContent
{
    public const int BlockBytes = 48 * 1024;

    private static readonly byte[] Block = Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(BlockBytes)));
    private static readonly byte[] Begin = "{\"images\":[\""u8.ToArray();
    private static readonly byte[] Between = "\",\""u8.ToArray();
    private static readonly byte[] End = "\"]}"u8.ToArray();

    private readonly TaskCompletionSource paused = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int photos;
    private readonly int blocksEach;

    public PhotoUpload(int photos, int blocksEach)
    {
        (this.photos, this.blocksEach) = (photos, blocksEach);
        Headers.ContentType = new MediaTypeHeaderValue("application/json");
    }

    /// <summary>Stops in the middle, for good.</summary>
    public int PauseAfterBlocks { get; init; } = int.MaxValue;

    /// <summary>When it has stopped in the middle.</summary>
    public Task Paused => paused.Task;

    /// <summary>Bytes of the photos, decoded.</summary>
    public long PhotoBytes => (long)photos * blocksEach * BlockBytes;

    /// <summary>What stands in the place of the first block of the last photo.</summary>
    public string? Spoiled { get; init; }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var blocks = 0;
        await stream.WriteAsync(Begin, cancellationToken);
        for (var photo = 0; photo < photos; photo++)
        {
            if (photo > 0) await stream.WriteAsync(Between, cancellationToken);
            for (var block = 0; block < blocksEach; block++)
            {
                if (++blocks > PauseAfterBlocks)
                {
                    await stream.FlushAsync(cancellationToken);
                    paused.TrySetResult();
                    await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
                }

                var isSpoiled = Spoiled is not null && photo == photos - 1 && block == blocksEach - 1;
                await stream.WriteAsync(isSpoiled ? Encoding.ASCII.GetBytes(Spoiled!) : Block, cancellationToken);
            }
        }

        await stream.WriteAsync(End, cancellationToken);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
