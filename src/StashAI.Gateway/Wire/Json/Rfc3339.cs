using System.Globalization;
using System.Text.RegularExpressions;

namespace StashAI.Gateway.Wire.Json;

/// <summary>Reads times in the format of RFC 3339, and no others.</summary>
internal static partial class Rfc3339
{
    /// <summary>The time in UTC; null for any other text.</summary>
    public static DateTimeOffset? Read(string text) =>
        Pattern().IsMatch(text)
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    [GeneratedRegex(
        @"\A[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
