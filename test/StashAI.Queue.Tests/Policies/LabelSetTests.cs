using CsCheck;
using StashAI.Queue.Policies;

namespace StashAI.Queue.Tests.Policies;

public sealed class LabelSetTests
{
    private static readonly Gen<string[]> Labels = Gen.OneOf("gpu", "GPU", "zone=eu", "zone=e", "a.b/c_d:1-2").Array[0, 4];

    [Fact]
    public void A_node_may_do_what_requires_a_part_of_its_labels() =>
        Gen.Select(Labels, Labels).Sample(
            (node, required) => LabelSet.Of(node).Satisfies(LabelSet.Of(required)) == required.All(node.Contains));

    [Fact]
    public void A_text_and_its_labels_are_the_same_thing() =>
        Labels.Sample(labels =>
        {
            var text = LabelSet.Of(labels).ToString();

            return text == string.Join(',', labels.Distinct().Order(StringComparer.Ordinal))
                && LabelSet.Parse(text).ToString() == text
                && LabelSet.Parse($" {string.Join(" , ", labels)},,").ToString() == text;
        });

    [Fact]
    public void No_text_means_no_labels()
    {
        Assert.Equal("", LabelSet.Parse("").ToString());
        Assert.True(LabelSet.Empty.Satisfies(LabelSet.Parse("")));
        Assert.False(LabelSet.Empty.Satisfies(LabelSet.Parse("gpu")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void A_label_has_up_to_100_signs(int length) => Assert.Equal(length, LabelSet.Parse(new string('a', length)).ToString().Length);

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("a,b")]
    [InlineData("ä")]
    [InlineData("a\n")]
    [InlineData("a'b")]
    public void Another_sign_is_refused_by_name(string label) =>
        Assert.Contains($"'{label}'", Assert.Throws<FormatException>(() => LabelSet.Of([label])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_label_of_more_signs_is_refused() => Assert.Throws<FormatException>(() => LabelSet.Of([new string('a', 101)]));
}
