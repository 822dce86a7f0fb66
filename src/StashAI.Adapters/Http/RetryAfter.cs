using System.Globalization;
using System.Net.Http.Headers;

namespace StashAI.Adapters.Http;

/// <summary>
/// Reads `Retry-After` in every spelling that services use: seconds (also 1.5, 5s, negative or too many for a number), or a date, by the
/// service's own clock where it tells it.
/// </summary>
internal static class RetryAfter
{
    /// <summary>A service that asks to be called again at once, or in the past, is given a moment all the same.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>The wait that an answer asks for; null when it asks for none.</summary>
    public static TimeSpan? Of(HttpResponseHeaders headers, TimeProvider clock)
    {
        if (!headers.NonValidated.TryGetValues("Retry-After", out var values)) return null;
        TimeSpan? wait = null;
        foreach (var value in values)
        {
            // Of two the longer one keeps both promises.
            if (Parse(value.Trim(), headers.Date ?? clock.GetUtcNow()) is { } one && (wait is null || one > wait)) wait = one;
        }

        return wait;
    }

    private static TimeSpan? Parse(string text, DateTimeOffset now)
    {
        if (text.Length == 0) return null;
        var number = text.TrimEnd('s', 'S').TrimEnd();
        if (double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
            return double.IsNaN(seconds) ? Shortest : Clamp(seconds);
        // Something that nobody can read is still a request to wait.
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out var date)
            ? Clamp((date - now).TotalSeconds)
            : Shortest;
    }

    private static TimeSpan Clamp(double seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds, Shortest.TotalSeconds, Longest.TotalSeconds));
}
