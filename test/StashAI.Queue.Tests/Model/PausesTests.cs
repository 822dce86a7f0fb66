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
}
