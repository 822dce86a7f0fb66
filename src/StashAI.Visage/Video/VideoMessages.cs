using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace StashAI.Visage.Video;

/// <summary>Reads what ffmpeg says.</summary>
internal static partial class VideoMessages
{
    private const string TimeStart = "frame:";
    private const int MaxReason = 200;

    /// <summary>The times of the frames in seconds, which a filter of <see cref="VideoFrames"/> writes.</summary>
    public static IReadOnlyList<double> Times(string messages) =>
    [
        .. TimePattern().Matches(messages).Select(
            match => double.Parse(match.Groups[1].ValueSpan, NumberStyles.Float, CultureInfo.InvariantCulture)),
    ];

    /// <summary>True for a line with the time of a frame.</summary>
    public static bool IsTime(StringBuilder line) => line.Length > TimeStart.Length && line.ToString(0, TimeStart.Length) == TimeStart;

    /// <summary>Why ffprobe refused a file, as the end of "The video ...".</summary>
    public static string Refusal(string messages, VideoFile file) =>
        CodecPattern().Match(messages) is { Success: true } codec
            ? $"has a stream that is encoded as {codec.Groups[1].Value}; of films, these codecs are read: "
                + string.Join(", ", VideoFormats.Codecs)
            : FormatPattern().Match(messages) is { Success: true } format
                ? $"is a file of the format {format.Groups[1].Value}; these are read: "
                    + $"{VideoFormats.Containers.Replace(",", ", ", StringComparison.Ordinal)}"
                : $"is not a video that can be read: {Reason(messages, file)}";

    /// <summary>The first error, without the path of the file and the addresses of memory.</summary>
    public static string Reason(string messages, VideoFile file)
    {
        // Behind the first error may be many that follow from it.
        var line = Lines(messages).FirstOrDefault() ?? "it cannot be decoded";
        var plain = PrefixPattern().Replace(line.Replace($"{VideoArguments.Url(file)}: ", "", StringComparison.Ordinal), "");
        var clean = string.Concat(plain.Replace(file.Location, "it", StringComparison.Ordinal).Where(c => !char.IsControl(c))).Trim();
        return clean.Length <= MaxReason ? clean : clean[..MaxReason];
    }

    private static IEnumerable<string> Lines(string messages) =>
        messages.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && !OwnPattern().IsMatch(line));

    [GeneratedRegex(@"^frame:[0-9]+ +pts:\S+ +pts_time:(-?[0-9.]+(?:e[-+]?[0-9]+)?)\s*$", RegexOptions.Multiline)]
    private static partial Regex TimePattern();

    [GeneratedRegex("^(?:frame:[0-9]+ |stashai=1$)")]
    private static partial Regex OwnPattern();

    [GeneratedRegex(@"Codec \(([\w.-]{1,40})\) not on whitelist")]
    private static partial Regex CodecPattern();

    [GeneratedRegex(@"\[([\w,.-]{1,60}) @ 0x[0-9a-f]+\] Format not on whitelist")]
    private static partial Regex FormatPattern();

    [GeneratedRegex(@"^\[[^\]]* @ 0x[0-9a-f]+\] ")]
    private static partial Regex PrefixPattern();
}
