using System.Globalization;
using System.Net.Http.Headers;

namespace StashAI.Adapters.Http;

/// <summary>
/// Reads <c>Retry-After</c> in all forms that services use: seconds (also 1.5, 5s, negative or very large), or a date, which is compared
/// with the service's own clock if the answer has a Date header.
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

    private static TimeSpan? Parse(string text, DateTimeOffset now)
    {
        if (text.Length == 0) return null;
        var number = text.TrimEnd('s', 'S').TrimEnd();
        if (double.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds))
            return double.IsNaN(seconds) ? Shortest : Clamp(seconds);
        // A value that cannot be read is still a request to wait.
        return DateTimeOffset.TryParse(
            text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out var date)
            ? Clamp((date - now).TotalSeconds)
            : Shortest;
    }

    private static TimeSpan Clamp(double seconds) => TimeSpan.FromSeconds(Math.Clamp(seconds, Shortest.TotalSeconds, Longest.TotalSeconds));
}
