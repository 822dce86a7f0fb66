using System.Globalization;
using System.Net.Http.Headers;

namespace StashAI.Adapters.Http;

/// <summary>
/// Reads <c>Retry-After</c> in all forms that services use: seconds (also 1.5, 5s, quoted, negative or very large), several of them, or a
/// date in any form of RFC 9110, section 5.6.7, which is compared with the service's own clock if the answer has a Date header.
/// </summary>
internal static class RetryAfter
{
    /// <summary>The shortest wait, also when the service asks for none or for a time in the past.</summary>
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>The wait that an answer asks for; null when it has no Retry-After header.</summary>
    public static TimeSpan? Of(HttpResponseHeaders headers, TimeProvider clock)
    {
        if (!headers.NonValidated.TryGetValues("Retry-After", out var values)) return null;
        TimeSpan? wait = null;
        foreach (var value in values)
        {
            // Of several values the longest satisfies all of them.
            if (Parse(value.Trim(), headers.Date ?? clock.GetUtcNow()) is { } current && (wait is null || current > wait)) wait = current;
        }

        return wait;
    }

    private static TimeSpan? Parse(string header, DateTimeOffset now)
    {
        var text = header.Trim('"', '\'').Split(';')[0].Trim();
        if (text.Length == 0) return null;
        if (text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(SecondsOf).ToList() is { Count: > 0 } all && !all.Contains(null))
            return Clamp(all.Max()!.Value);
        // A value that cannot be read is still a request to wait.
        return DateOf(text) is { } date ? Clamp((date - now).TotalSeconds) : Shortest;
    }

    private static double? SecondsOf(string text)
    {
        var number = text.Trim().TrimEnd('s', 'S').TrimEnd();
        if (!double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)) return null;
        return double.IsNaN(seconds) ? 0 : seconds;
    }

    private static DateTimeOffset? DateOf(string text)
    {
        const DateTimeStyles Style = DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces;
        // UTC is what HTTP calls GMT.
        if (text.EndsWith(" UTC", StringComparison.OrdinalIgnoreCase)) text = text[..^4] + " GMT";
        return DateTimeOffset.TryParseExact(text, "ddd MMM d HH:mm:ss yyyy", CultureInfo.InvariantCulture, Style, out var date)
            || DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Style, out date) ? date : null;
    }

    private static TimeSpan Clamp(double seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds, Shortest.TotalSeconds, Longest.TotalSeconds));
}
