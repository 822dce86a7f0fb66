using System.Text.Encodings.Web;
using System.Text.Json;
using StashAI.Adapters.Http.Templates;

namespace StashAI.Gateway.Tests.Services.Values;

/// <summary>How templates write texts as JSON, compared with the framework's own way for every character.</summary>
public sealed class JsonStringTests
{
    [Fact]
    public void WritesEveryCharacterAsTheFrameworkDoes()
    {
        for (var first = 0; first <= char.MaxValue; first += 256)
        {
            var text = string.Concat(Enumerable.Range(first, 256).Select(one => (char)one).Where(one => !char.IsSurrogate(one)));
            Assert.Equal(Expected(text), TemplateText.Json(text));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("with \"quotes\", \\ and \u0001")]
    [InlineData("a cat 🐈 and more")]
    public void WritesTexts(string text) => Assert.Equal(Expected(text), TemplateText.Json(text));

    [Fact]
    public void RefusesHalfOfAPair() => Assert.ThrowsAny<ArgumentException>(() => TemplateText.Json("half \uD83D of a cat"));

    private static string Expected(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}
