using StashAI.Gateway.Dialects.OpenAi.Batches;

namespace StashAI.Gateway.Tests.Dialects.OpenAi;

public sealed class LineFaultTests
{
    [Theory]
    [InlineData("1F8B0800", "These are bytes of gzip")]
    [InlineData("FFFE7B00", "This is UTF-16")]
    [InlineData("FEFF007B", "This is UTF-16")]
    [InlineData("7B", "not parseable as valid JSON")]
    [InlineData("", "not parseable as valid JSON")]
    public void A_line_that_cannot_be_read_says_what_it_is(string bytes, string expected) =>
        Assert.Contains(expected, LineFaults.ReasonOf(Convert.FromHexString(bytes)), StringComparison.Ordinal);

    [Fact]
    public void A_line_that_is_too_deep_is_said_to_be_so() => Assert.Contains(
        "inside each other",
        LineFaults.ReasonOf(System.Text.Encoding.UTF8.GetBytes(new string('[', 2000))),
        StringComparison.Ordinal);
}
