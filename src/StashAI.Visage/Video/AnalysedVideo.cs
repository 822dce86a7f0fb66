using StashAI.Visage.Recognition;

namespace StashAI.Visage.Video;

/// <summary>The faces of a video.</summary>
/// <param name="Cover">The picture that stands for the video.</param>
/// <param name="Frames">The frames that were analysed, in order.</param>
/// <param name="Width">The width of the frames in pixels, as they were analysed.</param>
/// <param name="Height">Their height.</param>
/// <param name="Seconds">The length of the video; null when the file does not say.</param>
/// <param name="IncompleteReason">Why frames are missing at the end; null when none are.</param>
internal sealed record AnalysedVideo(
    VideoCover Cover, IReadOnlyList<VideoFrame> Frames, int Width, int Height, double? Seconds, string? IncompleteReason);

/// <summary>The faces of a frame, and its time in seconds.</summary>
internal sealed record VideoFrame(double Time, AnalysedPhoto Photo);

/// <summary>The picture that stands for a video: the one that is attached to the file, or else a frame.</summary>
/// <param name="Time">The time of the frame in seconds; null for an attached picture.</param>
/// <param name="Photo">Its faces.</param>
/// <param name="Jpeg">The picture, scaled down.</param>
internal sealed record VideoCover(double? Time, AnalysedPhoto Photo, byte[] Jpeg);
