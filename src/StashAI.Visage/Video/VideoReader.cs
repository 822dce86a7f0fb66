using StashAI.Visage.Imaging;
using StashAI.Visage.Recognition;
using StashAI.Visage.Settings;

namespace StashAI.Visage.Video;

/// <summary>Finds the faces of videos. ffmpeg decodes them; the faces of each frame are found between those of other requests.</summary>
internal sealed class VideoReader(WorkGate gate, VideoTools tools, VisageOptions options, TimeProvider clock) : IDisposable
{
    private const int CoverEdge = 640;

    /// <summary>So many faces take some hundred megabytes.</summary>
    private const int MaxFaces = 10_000;

    /// <summary>
    /// How many frames the cover is chosen from when no others are wanted, and how far apart they are in an unknown length.
    /// </summary>
    private const int CoverChoices = 8;

    private const double CoverInterval = 10;

    /// <summary>The share of the wanted frames that key frames must give; with fewer, all frames are decoded.</summary>
    private const double EnoughKeyFrames = 0.75;

    private readonly SemaphoreSlim turns = new(options.MaxConcurrency);

    /// <summary>
    /// Waits until fewer videos are read than <see cref="VisageOptions.MaxConcurrency"/>, before the next one takes room on the disk.
    /// </summary>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        await turns.WaitAsync(cancellationToken);
        return new Turn(turns);
    }

    /// <exception cref="VideoRefusedException">The file is not a video that can be read.</exception>
    public async Task<AnalysedVideo> AnalyseAsync(VideoFile file, VideoChoice choice, CancellationToken cancellationToken)
    {
        if (file.Length == 0) throw new VideoRefusedException("is empty");
        using var timer = new CancellationTokenSource(options.VideoTimeout, clock);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            return await ReadAsync(file, choice, linked.Token);
        }
        catch (OperationCanceledException) when (timer.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new VideoRefusedException(
                $"took longer than {options.VideoTimeout.TotalSeconds:0} seconds (setting VISAGE_VIDEO_TIMEOUT_SECONDS); "
                + "ask for fewer frames");
        }
    }

    public void Dispose() => turns.Dispose();

    private async Task<AnalysedVideo> ReadAsync(VideoFile file, VideoChoice choice, CancellationToken cancellationToken)
    {
        var info = await VideoProbe.ReadAsync(tools, file, options.MaxPixels, ProcessorTime, cancellationToken);
        var cover = info.Cover is { } attached ? await ReadCoverAsync(file, attached, choice, cancellationToken) : null;
        if (choice.FramesPerMinute <= 0 && cover is not null)
            return new(cover, [], info.Film.Width, info.Film.Height, info.Seconds, null);
        var (interval, most) = Plan(info, choice);
        var picked = await PickAsync(file, info, choice, interval, most, onlyKeyFrames: true, cancellationToken);
        if (picked.IncompleteReason is null && picked.Frames.Count < EnoughKeyFrames * Wanted(info, picked, interval, most))
            picked = await PickAsync(file, info, choice, interval, most, onlyKeyFrames: false, cancellationToken);
        if (picked.Cover is null)
            throw new VideoRefusedException($"has no frame that can be decoded: {VideoMessages.Reason(picked.Messages, file)}");
        var frames = choice.FramesPerMinute > 0 ? picked.Frames : [];
        return new(
            cover ?? picked.Cover, frames, info.Film.Width, info.Film.Height, info.Seconds,
            picked.IncompleteReason ?? IncompleteReason(info, frames, interval, most));
    }

    private TimeSpan ProcessorTime => 2 * options.VideoTimeout;

    private static (double Interval, int Most) Plan(VideoInfo info, VideoChoice choice)
    {
        if (choice.FramesPerMinute <= 0)
            return (info.Seconds is { } length ? Math.Max(length / CoverChoices, 0.01) : CoverInterval, CoverChoices);
        var interval = 60 / choice.FramesPerMinute;
        return (info.Seconds is { } seconds ? Math.Max(interval, seconds / choice.MostFrames) : interval, choice.MostFrames);
    }

    private static double Wanted(VideoInfo info, Picked picked, double interval, int most)
    {
        var seconds = info.Seconds ?? (picked.Frames.Count > 0 ? picked.Frames[^1].Time : 0);
        return Math.Clamp(Math.Ceiling(seconds / interval), 1, most);
    }

    private static string? IncompleteReason(VideoInfo info, IReadOnlyList<VideoFrame> frames, double interval, int most)
    {
        if (frames.Count == 0) return null;
        if (info.Seconds is null) return frames.Count < most ? null : "The file does not say how long it is, and it has more frames.";
        return frames.Count < most && info.Seconds - frames[^1].Time > 2 * interval
            ? $"The file says that it has {info.Seconds:0.#} seconds, but no frame after {frames[^1].Time:0.#} seconds can be decoded."
            : null;
    }

    /// <summary>The attached picture; null when it cannot be decoded.</summary>
    private async Task<VideoCover?> ReadCoverAsync(
        VideoFile file, VideoStream stream, VideoChoice choice, CancellationToken cancellationToken)
    {
        var frames = new VideoFrames(tools, file, stream, options.MaxPixels, ProcessorTime);
        VideoCover? cover = null;
        await foreach (var photo in frames.ReadAsync(cancellationToken))
        {
            cover = await gate.RunAsync(
                analyser => new VideoCover(
                    null, analyser.Analyse(photo, choice.Detail, cancellationToken), PhotoEncoder.EncodeWhole(photo, CoverEdge)),
                cancellationToken);
        }

        return cover;
    }

    private async Task<Picked> PickAsync(
        VideoFile file, VideoInfo info, VideoChoice choice, double interval, int most, bool onlyKeyFrames,
        CancellationToken cancellationToken)
    {
        var frames = new VideoFrames(tools, file, info.Film, options.MaxPixels, ProcessorTime)
        {
            Interval = interval,
            OnlyKeyFrames = onlyKeyFrames,
            Most = most,
        };
        var photos = new List<AnalysedPhoto>();
        (int Frame, byte[] Jpeg)? cover = null;
        var faces = 0;
        await foreach (var photo in frames.ReadAsync(cancellationToken))
        {
            var best = cover is { } chosen ? (photos[chosen.Frame].Faces.Count, chosen.Jpeg.Length) : (-1, 0);
            var (analysed, jpeg) = await gate.RunAsync(
                analyser => Examine(analyser, photo, choice, best, cancellationToken), cancellationToken);
            photos.Add(analysed);
            if (jpeg is not null) cover = (photos.Count - 1, jpeg);
            if ((faces += analysed.Faces.Count) > MaxFaces) break;
        }

        var times = VideoMessages.Times(frames.Messages);
        var timed = photos.Select((photo, i) => new VideoFrame(i < times.Count ? Math.Max(0, times[i]) : i * interval, photo)).ToList();
        return new(
            timed, cover is var (frame, picture) ? new VideoCover(timed[frame].Time, photos[frame], picture) : null, frames.Messages,
            faces > MaxFaces ? $"The frames have more than {MaxFaces:N0} faces; ask for fewer frames." : null);
    }

    /// <summary>
    /// The faces of a frame; and its picture if it stands for the video better than the best before: more faces, or detail.
    /// </summary>
    private static (AnalysedPhoto Photo, byte[]? Jpeg) Examine(
        PhotoAnalyser analyser, Photo photo, VideoChoice choice, (int Faces, int Bytes) best, CancellationToken cancellationToken)
    {
        var analysed = analyser.Analyse(photo, choice.Detail, cancellationToken);
        if (analysed.Faces.Count < best.Faces) return (analysed, null);
        // More detail takes more bytes.
        var jpeg = PhotoEncoder.EncodeWhole(photo, CoverEdge);
        return (analysed, analysed.Faces.Count > best.Faces || jpeg.Length > best.Bytes ? jpeg : null);
    }

    private sealed record Picked(IReadOnlyList<VideoFrame> Frames, VideoCover? Cover, string Messages, string? IncompleteReason);

    private sealed class Turn(SemaphoreSlim turns) : IDisposable
    {
        private int isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref isOver, 1) != 0) return;
            try
            {
                turns.Release();
            }
            catch (ObjectDisposedException)
            {
                // The service stopped meanwhile.
            }
        }
    }
}
