using System.Globalization;

namespace StashAI.Visage.Video;

/// <summary>The arguments that ffmpeg and ffprobe share: what they may open, and how.</summary>
internal static class VideoArguments
{
    /// <summary>The file as an address, so that nothing in it can be taken for another protocol.</summary>
    public static string Url(VideoFile file) => $"file:{file.Location}";

    /// <summary>
    /// No protocol but that of the file itself, no containers but those of films, no decoders but those of their pictures, and no other
    /// files that a film refers to.
    /// </summary>
    public static IEnumerable<string> Input(VideoFile file, long maxPixels) =>
    [
        "-protocol_whitelist", "file", "-format_whitelist", VideoFormats.Containers, "-codec_whitelist", VideoFormats.Decoders,
        "-max_pixels", maxPixels.ToString(CultureInfo.InvariantCulture),
        "-probesize", Math.Clamp(file.Length, 32, 32 << 20).ToString(CultureInfo.InvariantCulture), "-max_streams", "100",
    ];
}
