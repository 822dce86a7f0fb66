using System.Globalization;
using System.Text.Json;
using StashAI.Client.Models;
using StashAI.Hosting.Settings;
using StashAI.Server.Exits;

namespace StashAI.Server.Cli.Remote;

/// <summary>States, times and ids as people read and write them.</summary>
internal static class Words
{
    /// <summary>Where the hyphens of an id are: a shortened id ends there.</summary>
    private static readonly int[] IdLengths = [8, 13, 18, 23];

    public static string Of<T>(T state)
        where T : struct, Enum =>
        state is TaskState.Available ? "waiting" : JsonNamingPolicy.SnakeCaseLower.ConvertName(state.ToString());

    /// <summary>The states that a list names, separated by commas.</summary>
    public static IReadOnlyList<T> States<T>(string? list, string flag)
        where T : struct, Enum
    {
        var known = Enum.GetValues<T>().Where(value => Convert.ToInt32(value, CultureInfo.InvariantCulture) > 0)
            .ToDictionary(Of, StringComparer.OrdinalIgnoreCase);
        return
        [
            .. (list ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(word =>
                known.TryGetValue(word, out var state) ? state : throw new UsageException(
                    $"{flag} has no state '{word}'.{(NearestName.Of(word, known.Keys) is { } near ? $" Did you mean '{near}'?" : "")} "
                    + $"The states are {string.Join(", ", known.Keys)}.")),
        ];
    }

    /// <summary>How ids are shortened in a list, so that each of them is clear there.</summary>
    public static Func<Guid, string> Shorten(IReadOnlyCollection<Guid> ids)
    {
        var texts = ids.Distinct().Select(id => id.ToString()).ToList();
        var length = IdLengths.FirstOrDefault(one => texts.Select(text => text[..one]).Distinct().Count() == texts.Count, 36);
        return id => id.ToString()[..length];
    }

    /// <summary>A time of the past in the time zone of this machine, and how long ago it was.</summary>
    public static string Ago(DateTimeOffset? time, TimeProvider clock) => time is { } given ? $"{Span(clock.GetUtcNow() - given)} ago" : "";

    public static string At(DateTimeOffset? time) =>
        time is { } given ? given.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture) : "";

    public static string Span(TimeSpan span)
    {
        var seconds = Math.Max(0, span.TotalSeconds);
        return seconds switch
        {
            < 60 => FormattableString.Invariant($"{seconds:0}s"),
            < 3600 => FormattableString.Invariant($"{seconds / 60:0}min"),
            < 48 * 3600 => FormattableString.Invariant($"{seconds / 3600:0}h"),
            _ => FormattableString.Invariant($"{seconds / 86400:0}d"),
        };
    }

    /// <summary>A span such as <c>90s</c>, <c>10m</c>, <c>2h</c> or <c>7d</c>; null for other texts.</summary>
    public static TimeSpan? SpanOf(string text)
    {
        if (text.Length < 2
            || !double.TryParse(text[..^1], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
        {
            return null;
        }

        return text[^1] switch
        {
            's' => TimeSpan.FromSeconds(number),
            'm' => TimeSpan.FromMinutes(number),
            'h' => TimeSpan.FromHours(number),
            'd' => TimeSpan.FromDays(number),
            _ => null,
        };
    }

    /// <summary>
    /// A time: <c>2030-01-31T22:00</c> in the time zone of this machine or with its own, <c>22:00</c> for the next time it is so late, or a
    /// span.
    /// </summary>
    /// <param name="text">The text; null for none.</param>
    /// <param name="flag">The flag, for errors.</param>
    /// <param name="direction">1 adds a span to the present, -1 takes it away.</param>
    /// <param name="clock">Tells the present.</param>
    public static DateTimeOffset? Time(string? text, string flag, int direction, TimeProvider clock)
    {
        if (text is null) return null;
        var now = clock.GetLocalNow();
        if (SpanOf(text) is { } span) return now + (direction * span);
        if (TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var hour))
        {
            var today = LocalTime(DateOnly.FromDateTime(now.DateTime).ToDateTime(hour), clock);
            return direction > 0 ? today > now ? today : today.AddDays(1) : today <= now ? today : today.AddDays(-1);
        }

        return DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var exact)
            ? exact.Kind == DateTimeKind.Utc ? new DateTimeOffset(exact) : LocalTime(exact, clock)
            : throw new UsageException($"{flag} must be a time such as 22:00 or 2030-01-31T22:00, or a span such as 2h, not '{text}'.");
    }

    private static DateTimeOffset LocalTime(DateTime time, TimeProvider clock) => new(time, clock.LocalTimeZone.GetUtcOffset(time));
}
