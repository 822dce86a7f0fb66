using System.Globalization;

namespace StashAI.Storage.Payloads.Segments;

/// <summary>
/// The names of segments: <c>NODE-UPLOAD-NUMBER.END</c>. The node is the one whose lease keeps the upload; the end is the place's.
/// </summary>
internal static class SegmentName
{
    public static string Of(long nodeKey, Guid upload, int number, string extension) =>
        string.Create(CultureInfo.InvariantCulture, $"{nodeKey}-{upload:N}-{number}{extension}");

    /// <summary>The node in a name; null for what is not a segment.</summary>
    public static long? NodeOf(string segment)
    {
        var parts = segment.Split('-');
        return parts.Length == 3 && Guid.TryParseExact(parts[1], "N", out _)
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var node) ? node : null;
    }
}
