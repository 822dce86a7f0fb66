using StashAI.Queue.Model.Lanes;

namespace StashAI.Queue.Tests.Model;

public sealed class PausesTests
{
    [Theory]
    [InlineData("ocr", false, true)]
    [InlineData("chat", false, false)]
    [InlineData("ocr", true, true)]
    [InlineData("chat", true, true)]
    public void A_service_is_paused_by_itself_or_with_everything(string service, bool all, bool isPaused) =>
        Assert.Equal(isPaused, new Pauses(["ocr"], all).Includes(service));

    [Theory]
    [InlineData("ocr", false, 2, 1, 2)]
    [InlineData("ocr", true, 2, 1, 2)]
    [InlineData("ocr", true, 1, 2, 2)]
    [InlineData("ocr", true, 0, 2, 0)]
    [InlineData("ocr", true, 2, 0, 0)]
    [InlineData("chat", true, 2, 1, 1)]
    [InlineData("chat", false, 2, 1, 0)]
    [InlineData("*", true, 2, 1, 1)]
    [InlineData("*", false, 2, 1, 0)]
    public void A_service_goes_on_when_the_last_of_its_pauses_ends(string service, bool all, int ofService, int ofAll, int expected)
    {
        var ends = new Dictionary<string, DateTimeOffset>();
        if (ofService > 0) ends["ocr"] = DateTimeOffset.FromUnixTimeSeconds(ofService);
        if (ofAll > 0) ends[Pauses.Everything] = DateTimeOffset.FromUnixTimeSeconds(ofAll);

        var end = new Pauses(["ocr"], all) { Ends = ends }.EndOf(service);

        Assert.Equal(expected, end?.ToUnixTimeSeconds() ?? 0);
    }
}
