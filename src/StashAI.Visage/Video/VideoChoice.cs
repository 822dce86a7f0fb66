using StashAI.Visage.Detection;

namespace StashAI.Visage.Video;

/// <summary>Which frames of a video are analysed, and how closely.</summary>
/// <param name="FramesPerMinute">How many frames of each minute; 0 for the cover only.</param>
/// <param name="MostFrames">The most frames. Those of a longer video are spread over its length.</param>
/// <param name="Detail">How closely to search each frame for faces.</param>
internal readonly record struct VideoChoice(double FramesPerMinute, int MostFrames, DetectionDetail Detail)
{
    public const double DefaultFramesPerMinute = 6;

    public const double MaxFramesPerMinute = 600;

    public const int MaxFrames = 2000;
}
