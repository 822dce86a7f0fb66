using System.Globalization;
using StashAI.Gateway.Wire.Json;

namespace StashAI.Gateway.Tests.Wire;

/// <summary>The times that clients send.</summary>
public sealed class Rfc3339Tests
{
    [Theory]
    [InlineData("10:30")]
    [InlineData("03/04/2030")]
    [InlineData("2030-01-31")]
    [InlineData("2030-01-31T08:00:00")]
    [InlineData("2030-01-31T08:00Z")]
    [InlineData("2030-01-31T08:00:00+0200")]
    [InlineData("2030-01-31T08:00:00Z\n")]
    [InlineData(" 2030-01-31T08:00:00Z")]
    [InlineData("31 Jan 2030")]
    [InlineData("2030")]
    [InlineData("Wed, 30 Jan 2030 08:00:00 GMT")]
    [InlineData("2030-13-01T00:00:00Z")]
    [InlineData("2030-02-30T00:00:00Z")]
    [InlineData("2030-01-31T25:00:00Z")]
    [InlineData("")]
    public void Other_spellings_are_refused(string text) => Assert.Null(Rfc3339.Read(text));

    [Fact]
    public void Every_time_is_read_as_it_was_written()
    {
        var random = new Random(6);
        for (var run = 0; run < 300; run++)
        {
            var offset = TimeSpan.FromMinutes(random.Next(-14 * 60, (14 * 60) + 1));
            var time = new DateTimeOffset(2030, 1, 31, 8, 0, 0, offset).AddSeconds(random.Next(-1_000_000_000, 1_000_000_000));
            var fraction = new string('0', random.Next(0, 7)) is { Length: > 0 } zeros ? "." + zeros : "";
            var text = time.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) + fraction
                + (offset == TimeSpan.Zero ? "Z" : time.ToString("zzz", CultureInfo.InvariantCulture));

            Assert.Equal(time.ToUniversalTime(), Rfc3339.Read(text));
        }
    }
}
