using System.Globalization;

namespace StashAI.Storage.Payloads.Files;

/// <summary>The names of payload files: <c>NODE-UPLOAD-NUMBER.seg</c>. The node is the one whose lease keeps the upload.</summary>
internal static class SegmentName
{
    public const string Extension = ".seg";

    public static string Of(long nodeKey, Guid upload, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{nodeKey}-{upload:N}-{number}{Extension}");

    /// <summary>The node in a name; null for a file that is not a payload file.</summary>
    public static long? NodeOf(string file)
    {
        var parts = file.Split('-');
        return parts.Length == 3 && Guid.TryParseExact(parts[1], "N", out _)
            && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var node) ? node : null;
    }
}
