using StashAI.Sdk;

namespace StashAI.Queue.Policies;

/// <summary>
/// The current window of a service's allowed hours, or the next one, so that the gate only compares two numbers. Times are Unix
/// milliseconds.
/// </summary>
/// <param name="From">When it opens; a time that has passed while it is open.</param>
/// <param name="Until">When it closes.</param>
public readonly record struct HoursWindow(long From, long Until)
{
    /// <summary>As far as the search goes: a week, and the day by which clocks can differ.</summary>
    private const int Days = 9;

    private static readonly long Forever = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    /// <summary>True when the service may be called at this time.</summary>
    public bool Includes(long now) => From <= now && now < Until;

    /// <summary>The window at <paramref name="now"/>: what is left of the open one, or the next one.</summary>
    public static HoursWindow At(AllowedHours hours, long now)
    {
        if (hours.IsAlways) return new HoursWindow(0, Forever);
        var moment = DateTimeOffset.FromUnixTimeMilliseconds(now);
        long? from = hours.Includes(moment) ? now : null;
        foreach (var change in Changes(hours, moment))
        {
            if (from is { } start && !hours.Includes(change)) return new HoursWindow(start, change.ToUnixTimeMilliseconds());
            if (from is null && hours.Includes(change)) from = change.ToUnixTimeMilliseconds();
        }

        // Only hours that clocks skip, such as 02:00-02:30 on one Sunday, have no window in a week: look again after it.
        var end = moment.AddDays(Days - 1).ToUnixTimeMilliseconds();
        return from is { } open ? new HoursWindow(open, end) : new HoursWindow(end, end);
    }

    /// <summary>True for a window that is still the right one at <paramref name="now"/>, given the one computed for it.</summary>
    public bool Matches(HoursWindow right, long now) => Until == right.Until && Math.Max(From, now) == Math.Max(right.From, now);

    /// <summary>
    /// Every moment after <paramref name="now"/> at which the answer may change, in order: boundaries, and where clocks are set.
    /// </summary>
    private static SortedSet<DateTimeOffset> Changes(AllowedHours hours, DateTimeOffset now)
    {
        var zone = hours.TimeZone;
        var changes = new SortedSet<DateTimeOffset>();
        var offsets = new HashSet<TimeSpan> { zone.GetUtcOffset(now) };
        for (var hour = 1; hour <= Days * 24; hour++)
        {
            var (before, after) = (now.AddHours(hour - 1), now.AddHours(hour));
            if (zone.GetUtcOffset(before) == zone.GetUtcOffset(after)) continue;
            offsets.Add(zone.GetUtcOffset(after));
            changes.Add(FindSetting(zone, before, after));
        }

        var monday = zone.GetUtcOffset(now) is var offset && now.ToOffset(offset).DateTime.Date is var today
            ? today.AddDays(-(((int)today.DayOfWeek + 6) % 7)) : default;
        foreach (var minute in hours.Boundaries)
        {
            for (var week = 0; week <= 2; week++)
            {
                var clock = monday.AddDays(7 * week).AddMinutes(minute);
                foreach (var one in offsets) changes.Add(new DateTimeOffset(clock.Ticks, TimeSpan.Zero).Subtract(one));
            }
        }

        changes.RemoveWhere(change => change <= now);
        return changes;
    }

    /// <summary>The moment at which the zone's clocks are set, to the millisecond.</summary>
    private static DateTimeOffset FindSetting(TimeZoneInfo zone, DateTimeOffset before, DateTimeOffset after)
    {
        var (old, low, high) = (zone.GetUtcOffset(before), before.ToUnixTimeMilliseconds(), after.ToUnixTimeMilliseconds());
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (zone.GetUtcOffset(DateTimeOffset.FromUnixTimeMilliseconds(middle)) == old) low = middle;
            else high = middle;
        }

        return DateTimeOffset.FromUnixTimeMilliseconds(high);
    }
}
