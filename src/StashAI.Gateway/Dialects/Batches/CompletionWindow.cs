using System.Globalization;

namespace StashAI.Gateway.Dialects.Batches;

/// <summary>How long a batch may take, such as <c>24h</c> or <c>7d</c>: from an hour to thirty days.</summary>
internal static class CompletionWindow
{
    /// <summary>What a window must be.</summary>
    public const string Requirement = "must be a time from 1h to 30d, such as 24h.";

    /// <summary>The most characters of a window, such as <c>720h</c>: lists show it as it was sent.</summary>
    private const int MaxLength = 4;

    /// <summary>The time of a window; null for any other text.</summary>
    public static TimeSpan? TimeOf(string window)
    {
        if (window.Length is < 2 or > MaxLength
            || !int.TryParse(window.AsSpan(0, window.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count is < 1 or > 720)
        {
            return null;
        }

        return window[^1] switch { 'h' => TimeSpan.FromHours(count), 'd' when count <= 30 => TimeSpan.FromDays(count), _ => null };
    }
}
