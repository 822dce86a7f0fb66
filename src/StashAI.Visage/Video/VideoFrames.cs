using System.Globalization;
using System.Runtime.CompilerServices;
using SkiaSharp;
using StashAI.Visage.Imaging;

namespace StashAI.Visage.Video;

/// <summary>
/// One run of ffmpeg that picks frames of a stream: the first in each interval. It writes bare pixels of a size that was fixed before, so
/// that nothing of what it writes has to be parsed.
/// </summary>
internal sealed class VideoFrames(VideoTools tools, VideoFile file, VideoStream stream, long maxPixels, TimeSpan processorTime)
{
    private const int BytesOfPixel = 4;

    /// <summary>Two threads read a film of full resolution faster than its faces are found; more would need more memory.</summary>
    private const string Threads = "2";

    /// <summary>Seconds between the frames; null for the first frame only.</summary>
    public double? Interval { get; init; }

    /// <summary>True to decode only frames that need no others, which takes a small part of the time.</summary>
    public bool OnlyKeyFrames { get; init; }

    /// <summary>The most frames.</summary>
    public int Most { get; init; } = 1;

    /// <summary>What ffmpeg said; known when no more frames are read.</summary>
    public string Messages { get; private set; } = "";

    /// <summary>The frames in order. A frame is valid until the next one is requested.</summary>
    public async IAsyncEnumerable<Photo> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var process = MediaProcess.Start(tools, tools.Ffmpeg!, Arguments(), processorTime, cancellationToken);
        try
        {
            var pixels = new byte[stream.Width * stream.Height * BytesOfPixel];
            while (await process.Output.ReadAtLeastAsync(pixels, pixels.Length, throwOnEndOfStream: false, CancellationToken.None)
                == pixels.Length)
            {
                using var photo = ToPhoto(pixels);
                yield return photo;
            }

            cancellationToken.ThrowIfCancellationRequested();
            await process.EndAsync(cancellationToken);
        }
        finally
        {
            await process.DisposeAsync();
            Messages = await process.MessagesAsync();
        }
    }

    private Photo ToPhoto(byte[] pixels)
    {
        var bitmap = new SKBitmap(stream.Width, stream.Height, SKColorType.Rgba8888, SKAlphaType.Opaque);
        pixels.CopyTo(bitmap.GetPixelSpan());
        return new Photo(bitmap, isIncomplete: false);
    }

    private IEnumerable<string> Arguments() =>
    [
        "-nostdin", "-hide_banner", "-v", "error", .. VideoArguments.Input(file, maxPixels), "-threads", Threads,
        .. OnlyKeyFrames ? (string[])["-skip_frame", "nokey"] : [],
        "-i", VideoArguments.Url(file), "-map", Text($"0:{stream.Index}"), "-an", "-sn", "-dn", "-vf", Filters(), tools.FrameMode,
        "passthrough", "-frames:v", Text($"{Most}"), "-f", "rawvideo", "pipe:1",
    ];

    /// <summary>The last two filters write the time of each frame.</summary>
    private string Filters()
    {
        var select = Interval is { } interval
            ? Text($"select='isnan(prev_selected_t)+gt(floor(t/{interval:R})\\,floor(prev_selected_t/{interval:R}))',")
            : "";
        return select + Text($"scale={stream.Width}:{stream.Height},format=rgba")
            + ",metadata=mode=add:key=stashai:value=1,metadata=mode=print:key=stashai:direct=1:file=pipe\\\\:2";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
