using StashAI.Queue.Policies;
using StashAI.Sdk;

namespace StashAI.Queue.Tests.Policies;

/// <summary>
/// Windows of allowed hours against a straightforward reading: what the clock of the time zone shows in each minute of a year.
/// </summary>
public sealed class HoursWindowTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, int> Cases
    {
        get
        {
            // Clocks that are set by an hour and by half an hour, at midnight and in the south; half hours and no daylight saving.
            string[] zones =
            [
                "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Asia/Kathmandu",
                "Africa/Casablanca", "Europe/Dublin", "Asia/Beirut",
            ];
            var cases = new TheoryData<string, int>();
            foreach (var zone in zones)
            {
                for (var seed = 0; seed < 4; seed++) cases.Add(zone, seed);
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Windows_are_open_exactly_in_the_minutes_that_the_clock_of_the_zone_allows(string zone, int seed)
    {
        var random = new Random(seed + zone.Length);
        var ranges = new List<(int First, int Last, int From, int Until)>();
        for (var i = seed == 0 ? 0 : random.Next(3); i >= 0; i--)
        {
            var (from, until) = seed == 0 ? (22 * 60, 7 * 60) : (random.Next(24 * 60), random.Next(24 * 60));
            // Many near the hours in which clocks are set.
            if (seed > 1) (from, until) = (random.Next(4 * 60), random.Next(4 * 60));
            if (from == until) until = from + 1;
            ranges.Add(random.Next(2) == 0 ? (0, 6, from, until) : (random.Next(7), random.Next(7), from, until));
        }

        var text = string.Join(", ", ranges.Select(range =>
            $"{Day(range.First)}-{Day(range.Last)} {Clock(range.From)}-{Clock(range.Until)}")) + $" {zone}";
        var hours = AllowedHours.Parse(text);
        var read = TimeZoneInfo.FindSystemTimeZoneById(zone);

        HoursWindow? window = null;
        for (var minute = 0; minute < 366 * 24 * 60; minute++)
        {
            var moment = Start.AddMinutes(minute);
            var now = moment.ToUnixTimeMilliseconds();
            if (window is null || now >= window.Value.Until) window = HoursWindow.At(hours, now);
            var local = TimeZoneInfo.ConvertTime(moment, read);
            if (window.Value.Includes(now) != ranges.Exists(range => IsIn(range, local.DateTime)))
                Assert.Fail($"{text}: {local:ddd yyyy-MM-dd HH:mm zzz} should be {(window.Value.Includes(now) ? "closed" : "open")}.");
        }
    }

    [Fact]
    public void A_stored_window_matches_until_it_ends_or_the_hours_change()
    {
        var hours = AllowedHours.Parse("22:00-07:00 Europe/Berlin");
        var noon = Start.AddHours(12).ToUnixTimeMilliseconds();
        var window = HoursWindow.At(hours, noon);

        Assert.Equal((Start.AddHours(21), Start.AddHours(30)), (Time(window.From), Time(window.Until)));
        var inside = Start.AddHours(25).ToUnixTimeMilliseconds();
        Assert.True(window.Matches(HoursWindow.At(hours, inside), inside));
        Assert.False(window.Matches(HoursWindow.At(hours, window.Until), window.Until));
        Assert.False(window.Matches(HoursWindow.At(AllowedHours.Parse("22:00-08:00 Europe/Berlin"), inside), inside));
        Assert.False(window.Matches(HoursWindow.At(hours, noon - (long)TimeSpan.FromDays(30).TotalMilliseconds), noon));
    }

    [Fact]
    public void Hours_that_leave_out_nothing_never_end()
    {
        var always = AllowedHours.Parse("Mon-Fri 00:00-24:00, Sat 00:00-12:00, Sat-Sun 12:00-24:00, Sun 00:00-12:30");
        Assert.True(always.IsAlways);
        var window = HoursWindow.At(always, Start.AddYears(100).ToUnixTimeMilliseconds());
        Assert.True(window.Includes(Start.AddYears(200).ToUnixTimeMilliseconds()));
    }

    [Theory]
    [InlineData("22:00-07:00", "22:00-07:00 UTC")]
    [InlineData(" 9:00 - 17:30 utc", "09:00-17:30 UTC")]
    [InlineData("mon-fri 22:00-07:00,Sat 00:00-24:00 Europe/Berlin", "Mon-Fri 22:00-07:00, Sat 00:00-24:00 Europe/Berlin")]
    [InlineData("22:00-07:00 America/Port-au-Prince", "22:00-07:00 America/Port-au-Prince")]
    [InlineData("Sat-Mon 22:00-07:00", "Sat-Mon 22:00-07:00 UTC")]
    public void Hours_are_read_and_written_in_one_form(string text, string written)
    {
        Assert.Equal(written, AllowedHours.Parse(text).ToString());
        Assert.Equal(AllowedHours.Parse(text), AllowedHours.Parse(written));
    }

    [Theory]
    [InlineData("", "'' is not a range of hours")]
    [InlineData("night", "'night' is not a range of hours")]
    [InlineData("22:00-22:00", "'22:00-22:00' is not a range of hours")]
    [InlineData("22:00-25:00", "'22:00-25:00' is not a range of hours")]
    [InlineData("24:00-07:00", "'24:00-07:00' is not a range of hours")]
    [InlineData("22-07", "'22-07' is not a range of hours")]
    [InlineData("22:00-07:00,", "'' is not a range of hours")]
    [InlineData("Someday 22:00-07:00", "'Someday 22:00-07:00' is not a range of hours")]
    [InlineData("22:00-07:00 Europe/Atlantis", "The time zone 'Europe/Atlantis' is not known")]
    public void Wrong_hours_are_refused_with_the_part_that_is_wrong(string text, string error) =>
        Assert.StartsWith(error, Assert.Throws<FormatException>(() => AllowedHours.Parse(text)).Message, StringComparison.Ordinal);

    private static bool IsIn((int First, int Last, int From, int Until) range, DateTime local)
    {
        var minute = (local.Hour * 60) + local.Minute;
        var today = ((int)local.DayOfWeek + 6) % 7;
        if (range.Until > range.From) return Covers(today) && minute >= range.From && minute < range.Until;
        return (Covers(today) && minute >= range.From) || (Covers((today + 6) % 7) && minute < range.Until);
        bool Covers(int day) => range.First <= range.Last
            ? day >= range.First && day <= range.Last
            : day >= range.First || day <= range.Last;
    }

    private static string Day(int day) => new[] { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" }[day];

    private static string Clock(int minutes) => $"{minutes / 60:00}:{minutes % 60:00}";

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
