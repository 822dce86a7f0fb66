using System.Text;
using System.Text.Json;
using StashAI.Adapters.Http.Calls;

namespace StashAI.Gateway.Tests.Services.Answers;

/// <summary>Fields that are cut out of answers.</summary>
public sealed class ResultFieldsTests
{
    [Theory]
    [InlineData("""{"a":1,"b":{"c":"x"},"d":[1, 2]}""", """{"one":1,"\"two\"":"x","more":[1, 2]}""")]
    [InlineData("""{"b":{"c":"\u00e9 é"},"a":1.50e3}""", """{"one":1.50e3,"\"two\"":"\u00e9 é"}""")]
    [InlineData("""{"a":null,"b":{"c":{}},"d":false}""", """{"one":null,"\"two\"":{},"more":false}""")]
    public void CopiesValuesAsTheyAre(string answer, string result) => Assert.Equal(result, Cut(answer, out _));

    [Theory]
    [InlineData("""{"b":{"c":1},"d":2}""", "/a")]
    [InlineData("""{"a":1,"d":2}""", "/b/c")]
    [InlineData("""[]""", "/a")]
    public void NamesTheFirstThatIsMissing(string answer, string at)
    {
        Assert.Null(Cut(answer, out var missing));
        Assert.Equal(at, missing?.Text);
    }

    [Fact]
    public void OnlyOptionalOnesMayGiveNothing()
    {
        using var answer = JsonDocument.Parse("{}");
        var fields = new ResultFields([], [new("more", JsonPointer.Parse("/d")!)]);
        Assert.Equal("{}", Encoding.UTF8.GetString(fields.TryCut(answer.RootElement, out _)!));
    }

    private static string? Cut(string answer, out JsonPointer? missing)
    {
        using var document = JsonDocument.Parse(answer);
        var fields = new ResultFields(
            [new("one", JsonPointer.Parse("/a")!), new("\"two\"", JsonPointer.Parse("/b/c")!)], [new("more", JsonPointer.Parse("/d")!)]);
        return fields.TryCut(document.RootElement, out missing) is { } result ? Encoding.UTF8.GetString(result) : null;
    }
}
