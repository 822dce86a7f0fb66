using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace StashAI.Sdk;

/// <summary>
/// The hours in which a service may be called, on the clocks of one time zone: <c>22:00-07:00 Europe/Berlin</c>, or several ranges with
/// weekdays, <c>Mon-Fri 22:00-07:00, Sat-Sun 00:00-24:00 Europe/Berlin</c>. A range that ends before it begins ends on the next day; its
/// weekday is that of its beginning. Without a time zone, the hours are UTC. Where clocks are set back, an hour that comes twice counts
/// twice; where they are set forward, the skipped hour does not come.
/// </summary>
public sealed class AllowedHours : IEquatable<AllowedHours>
{
    private const int MinutesPerDay = 24 * 60;
    private const int MinutesPerWeek = 7 * MinutesPerDay;

    private static readonly string[] DayNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

    // Open minutes of a week that begins on Monday at 00:00, as [from, until); sorted, and not touching each other.
    private readonly (int From, int Until)[] week;
    private readonly string text;

    private AllowedHours((int From, int Until)[] week, TimeZoneInfo timeZone, string text) =>
        (this.week, TimeZone, this.text) = (week, timeZone, text);

    /// <summary>The time zone on whose clocks the hours are read.</summary>
    public TimeZoneInfo TimeZone { get; }

    /// <summary>True when the ranges leave out no minute of the week.</summary>
    public bool IsAlways => week is [(0, MinutesPerWeek)];

    /// <summary>Where the hours begin and end in a week, in minutes since Monday 00:00 of the time zone's clocks; sorted.</summary>
    public IEnumerable<int> Boundaries => week.SelectMany(range => new[] { range.From, range.Until % MinutesPerWeek }).Distinct().Order();

    /// <summary>Reads hours.</summary>
    /// <exception cref="FormatException">They are not valid; the message says why and how to fix it.</exception>
    public static AllowedHours Parse(string text) =>
        TryParse(text, out var hours, out var error) ? hours : throw new FormatException(error);

    /// <summary>Reads hours; when they are not valid, <paramref name="error"/> says why and how to fix it.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out AllowedHours? hours, [NotNullWhen(false)] out string? error)
    {
        ArgumentNullException.ThrowIfNull(text);
        (hours, error) = (null, null);
        var ranges = text.Trim();
        var zone = TimeZoneInfo.Utc;
        if (ranges.LastIndexOf(' ') is > 0 and var at && char.IsAsciiLetter(ranges[at + 1]))
        {
            var id = ranges[(at + 1)..];
            if (FindZone(id) is not { } found)
            {
                error = $"The time zone '{id}' is not known on this machine; use an IANA name such as Europe/Berlin.";
                return false;
            }

            (zone, ranges) = (found, ranges[..at].TrimEnd());
        }

        var minutes = new List<(int From, int Until)>();
        var words = new List<string>();
        foreach (var part in ranges.Split(',', StringSplitOptions.TrimEntries))
        {
            if (!TryReadRange(part, minutes, out var word))
            {
                error = $"'{part}' is not a range of hours; use one such as 22:00-07:00, or Mon-Fri 22:00-07:00, "
                    + "several with commas, and at the end a time zone such as Europe/Berlin.";
                return false;
            }

            words.Add(word);
        }

        hours = new AllowedHours(Join(minutes), zone, $"{string.Join(", ", words)} {NameOf(zone)}");
        return true;
    }

    /// <summary>True when the clocks of the time zone show an allowed time at this moment.</summary>
    public bool Includes(DateTimeOffset moment)
    {
        var local = TimeZoneInfo.ConvertTime(moment, TimeZone).DateTime;
        var minute = ((((int)local.DayOfWeek + 6) % 7) * MinutesPerDay) + (int)(local.TimeOfDay.Ticks / TimeSpan.TicksPerMinute);
        return Array.Exists(week, range => minute >= range.From && minute < range.Until);
    }

    /// <summary>The hours as text that <see cref="Parse"/> reads, with their time zone.</summary>
    public override string ToString() => text;

    /// <inheritdoc/>
    public bool Equals(AllowedHours? other) => other is not null && text == other.text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as AllowedHours);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(text);

    private static TimeZoneInfo? FindZone(string id)
    {
        if (id.ToUpperInvariant() is "UTC" or "Z") return TimeZoneInfo.Utc;
        return TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : null;
    }

    private static string NameOf(TimeZoneInfo zone) => ReferenceEquals(zone, TimeZoneInfo.Utc) ? "UTC" : zone.Id;

    private static bool TryReadRange(string part, List<(int From, int Until)> minutes, out string word)
    {
        word = "";
        var (first, last, rest, days) = (0, 6, part, "");
        if (part is [>= 'A', ..] && part.IndexOf(' ', StringComparison.Ordinal) is > 0 and var at)
        {
            rest = part[(at + 1)..].Trim();
            if (part[..at].Split('-') is not { Length: 1 or 2 } names) return false;
            (first, last) = (DayOf(names[0]), DayOf(names[^1]));
            if (first < 0 || last < 0) return false;
            days = (first == last ? DayNames[first] : $"{DayNames[first]}-{DayNames[last]}") + " ";
        }

        if (rest.Split('-', StringSplitOptions.TrimEntries) is not [var beginning, var end]) return false;
        if (TimeOf(beginning) is not { } from || TimeOf(end) is not { } until || from == until || from == MinutesPerDay) return false;
        var length = until > from ? until - from : until + MinutesPerDay - from;
        for (var day = first; ; day = (day + 1) % 7)
        {
            var start = (day * MinutesPerDay) + from;
            minutes.Add((start, Math.Min(start + length, MinutesPerWeek)));
            if (start + length > MinutesPerWeek) minutes.Add((0, start + length - MinutesPerWeek));
            if (day == last) break;
        }

        word = $"{days}{Clock(from)}-{Clock(until)}";
        return true;
    }

    private static string Clock(int minutes) => string.Create(CultureInfo.InvariantCulture, $"{minutes / 60:00}:{minutes % 60:00}");

    private static int DayOf(string name) => Array.FindIndex(DayNames, day => day.Equals(name.Trim(), StringComparison.OrdinalIgnoreCase));

    private static int? TimeOf(string text)
    {
        if (text.Split(':') is not [{ Length: 1 or 2 } hour, { Length: 2 } minute]) return null;
        if (!int.TryParse(hour, NumberStyles.None, CultureInfo.InvariantCulture, out var hours)) return null;
        if (!int.TryParse(minute, NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) || minutes > 59) return null;
        return (hours * 60) + minutes is <= MinutesPerDay and var time ? time : null;
    }

    private static (int From, int Until)[] Join(List<(int From, int Until)> ranges)
    {
        var joined = new List<(int From, int Until)>();
        foreach (var range in ranges.Order())
        {
            if (joined.Count > 0 && joined[^1].Until >= range.From)
                joined[^1] = (joined[^1].From, Math.Max(joined[^1].Until, range.Until));
            else joined.Add(range);
        }

        return [.. joined];
    }
}
