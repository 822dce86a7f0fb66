using System.Text.RegularExpressions;
using StashAI.Adapters.Http;

namespace StashAI.Gateway.Tests.Services;

public sealed class NamePatternTests
{
    [Theory]
    [InlineData("gpt-*", "gpt-4o", true)]
    [InlineData("gpt-*", "GPT-4o", false)]
    [InlineData("gpt-?", "gpt-4", false)]
    [InlineData("a?*", "abc", false)]
    [InlineData("a*b*c", "abc", true)]
    [InlineData("ab*ba", "aba", false)]
    [InlineData("*", "", true)]
    public void Only_the_asterisk_stands_for_other_characters(string pattern, string name, bool expected) =>
        Assert.Equal(expected, NamePattern.Matches(pattern, name));

    [Fact]
    public void Patterns_match_what_the_same_regular_expression_matches()
    {
        var random = new Random(18);
        for (var i = 0; i < 20_000; i++)
        {
            var (pattern, name) = (Text("ab*?\\.", 6), Text("ab?\\.", 8));
            var expression = Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal);
            var expected = Regex.IsMatch(name, $@"\A{expression}\z", RegexOptions.Singleline);

            Assert.True(expected == NamePattern.Matches(pattern, name), $"'{pattern}' and '{name}'");
        }

        string Text(string letters, int most) =>
            string.Concat(Enumerable.Range(0, random.Next(most + 1)).Select(_ => letters[random.Next(letters.Length)]));
    }
}
