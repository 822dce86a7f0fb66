using System.Globalization;
using StashAI.Gateway.Routes.Schedules;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Tests.Routes.Schedules;

/// <summary>Cron lines: which are refused and where, and what they mean when clocks are set.</summary>
public sealed class CronLineTests
{
    [Theory]
    [InlineData("0 3 * * *", "2031-05-01T12:00Z", "2031-05-02T01:00Z 2031-05-03T01:00Z")]
    [InlineData("@hourly", "2031-05-01T12:00Z", "2031-05-01T13:00Z 2031-05-01T14:00Z")]
    // 02:30 does not exist on 2031-03-30: it comes when clocks have been set forward, at 03:00.
    [InlineData("30 2 * * *", "2031-03-29T12:00Z", "2031-03-30T01:00Z 2031-03-31T00:30Z")]
    // 02:30 comes twice on 2031-10-26, and counts once.
    [InlineData("30 2 * * *", "2031-10-25T12:00Z", "2031-10-26T00:30Z 2031-10-27T01:30Z")]
    // A line with a step goes on through both.
    [InlineData("*/30 * * * *", "2031-10-26T00:00Z", "2031-10-26T00:30Z 2031-10-26T01:00Z 2031-10-26T01:30Z")]
    public void Moments_come_as_the_clocks_of_the_zone_show_them(string line, string after, string expected)
    {
        var cron = CronLine.Parse(line, "Europe/Berlin");
        var moment = Time(after);
        foreach (var one in expected.Split(' '))
        {
            moment = cron.Next(moment)!.Value;
            Assert.Equal(Time(one), moment);
        }
    }

    [Theory]
    [InlineData("61 3 * * *", "'61' at character 1 is not valid for the minutes")]
    [InlineData("0  25 * * *", "'25' at character 4 is not valid for the hours")]
    [InlineData("0 3 32 * *", "'32' at character 5 is not valid for the days of the month")]
    [InlineData("0 3 * foo *", "'foo' at character 7 is not valid for the months")]
    [InlineData("0 3 * * 8", "'8' at character 9 is not valid for the days of the week")]
    [InlineData("H 3 * * *", "'H' at character 1 is not valid for the minutes: H lets a scheduler choose the value")]
    [InlineData("0 3 * * H(1-5)", "'H(1-5)' at character 9 is not valid for the days of the week: H lets")]
    [InlineData("0 3 * * *#", "is not valid for the days of the week")]
    [InlineData("0", "has 1 field instead of five")]
    [InlineData("0 3 * *", "has 4 fields instead of five")]
    [InlineData("0 0 3 * * *", "There is no field for seconds")]
    [InlineData("", "has 0 fields")]
    [InlineData("@every_second", "is not a known name")]
    [InlineData("@fortnightly", "is not a known name")]
    public void A_line_that_is_not_valid_is_refused_at_its_place(string line, string reason)
    {
        var refusal = Assert.Throws<RequestException>(() => CronLine.Parse(line, "UTC"));

        Assert.StartsWith("cron: ", refusal.Problem.Detail, StringComparison.Ordinal);
        Assert.Contains(reason, refusal.Problem.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("cron expression", refusal.Problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_printable_line_is_read_or_refused()
    {
        string[] starts = ["", "1", "*/", "1-", "?"];
        foreach (var start in starts)
        {
            foreach (var letter in Enumerable.Range(' ' + 1, '~' - ' ').Select(code => (char)code))
            {
                foreach (var place in Enumerable.Range(0, 5))
                {
                    var line = string.Join(' ', Enumerable.Range(0, 5).Select(at => at == place ? start + letter : "*"));
                    var exception = Record.Exception(() => CronLine.Parse(line, "UTC"));
                    Assert.True(exception is null or RequestException, $"{line}: {exception}");
                }
            }
        }
    }

    [Fact]
    public void A_day_that_no_year_has_never_comes() =>
        Assert.Null(CronLine.Parse("0 0 30 2 *", "UTC").Next(Time("2031-05-01T12:00Z")));

    [Theory]
    [InlineData("Berlin", "'Europe/Berlin'")]
    [InlineData("new york", "'America/New_York'")]
    [InlineData("Europe/Berlim", "'Europe/Berlin'")]
    [InlineData("Pacific/Tongatapo", "'Pacific/Tongatapu'")]
    public void An_unknown_zone_is_refused_with_the_one_that_was_meant(string zone, string meant)
    {
        var refusal = Assert.Throws<RequestException>(() => CronLine.Parse("0 3 * * *", zone));

        Assert.StartsWith("time_zone: ", refusal.Problem.Detail, StringComparison.Ordinal);
        Assert.Contains($"Did you mean {meant}?", refusal.Problem.Detail, StringComparison.Ordinal);
    }

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
