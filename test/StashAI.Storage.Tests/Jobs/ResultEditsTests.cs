using System.Text;
using StashAI.Storage.Jobs;

namespace StashAI.Storage.Tests.Jobs;

/// <summary>The edits of a result make exactly the other one, and are small where a judgement changed.</summary>
public sealed class ResultEditsTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("", "a")]
    [InlineData("a", "")]
    [InlineData("{}", "{}")]
    [InlineData("1", "2")]
    [InlineData("abc", "xabcx")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Any_result_becomes_any_other(string before, string after) => Check(Utf8(before), Utf8(after));

    [Fact]
    public void What_says_the_same_has_no_edits() => Assert.Empty(ResultEdits.Between(Utf8(Photo(3, 1)), Utf8(Photo(3, 1))));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(40)]
    public void Of_a_photo_with_other_names_the_names_are_written_and_not_the_pictures(int faces)
    {
        var (nobody, once, again) = (Utf8(Photo(faces, 0)), Utf8(Photo(faces, 1)), Utf8(Photo(faces, 2)));

        Assert.InRange(Check(nobody, once), 1, 400 * faces);
        Assert.InRange(Check(once, again), 1, 400 * faces);
        Assert.InRange(Check(once, nobody), 1, 100 * faces);
    }

    [Fact]
    public void Generated_changes_of_generated_results_are_made_exactly()
    {
        var random = new Random(20);
        for (var run = 0; run < 3000; run++)
        {
            // Few different bytes and many repeats, so that equal places are found where they are not meant.
            var before = new byte[random.Next(200 * random.Next(1, 40))];
            for (var i = 0; i < before.Length; i++) before[i] = (byte)('a' + random.Next(run % 7 == 0 ? 2 : 26));
            var after = before.ToList();
            for (var change = random.Next(6); change > 0; change--)
            {
                var at = random.Next(after.Count + 1);
                after.RemoveRange(at, Math.Min(after.Count - at, random.Next(300)));
                after.InsertRange(at, Enumerable.Range(0, random.Next(300)).Select(i => (byte)('a' + (i % (1 + random.Next(26))))));
            }

            Check(before, [.. after]);
        }
    }

    [Fact]
    public void A_result_that_has_nothing_in_common_is_one_edit()
    {
        var (before, after) = (new byte[3_000_000], new byte[2_000_000]);
        new Random(1).NextBytes(before);
        new Random(2).NextBytes(after);

        Assert.InRange(Check(before, after), after.Length, after.Length + 16);
    }

    private static int Check(byte[] before, byte[] after)
    {
        var edits = ResultEdits.Between(before, after);
        Assert.True(after.AsSpan().SequenceEqual(ResultEdits.Apply(before, edits)));
        return edits.Length;
    }

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>As the face service answers, with 8 KB of picture a face.</summary>
    private static string Photo(int faces, int judgement)
    {
        var pictures = new Random(faces);
        var written = Enumerable.Range(0, faces).Select(face =>
        {
            var picture = new byte[8000];
            pictures.NextBytes(picture);
            var performers = judgement == 0 ? "" : string.Join(',', Enumerable.Range(0, judgement).Select(person =>
                $$"""{"id":"0199b5b2-0a9a-7c7d-8f3e-{{face:D6}}{{judgement:D6}}","name":"Person {{person}}","confidence":9{{judgement}},"image":"/api/people/{{face}}"}"""));
            return $$"""{"image":"{{Convert.ToBase64String(picture)}}","confidence":0.9,"performers":[{{performers}}],"box":{"x":{{face}}},"ambiguous":{{(judgement > 1 ? "true" : "false")}}}""";
        });
        return $$"""{"data":[[{{string.Join(',', written)}}]],"image_width":4000,"threshold_cosine":0.42,"gallery_version":{{judgement * 7}}}""";
    }
}
