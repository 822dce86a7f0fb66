namespace StashAI.Visage.Video;

/// <summary>What ffprobe says of a video.</summary>
/// <param name="Film">The stream of moving pictures.</param>
/// <param name="Cover">The picture that is attached to the file; null for none.</param>
/// <param name="Seconds">The length; null when the file does not say.</param>
internal sealed record VideoInfo(VideoStream Film, VideoStream? Cover, double? Seconds);

/// <summary>A stream of pictures.</summary>
/// <param name="Index">The stream's number in the file.</param>
/// <param name="Width">The width of its frames as they are analysed: upright, with square pixels, and scaled down if it is large.</param>
/// <param name="Height">Their height.</param>
internal sealed record VideoStream(int Index, int Width, int Height);
