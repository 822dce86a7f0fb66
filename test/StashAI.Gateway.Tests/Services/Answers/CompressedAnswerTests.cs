using System.Text;
using StashAI.Gateway.Tests.Codings;
using StashAI.Sdk;

namespace StashAI.Gateway.Tests.Services.Answers;

/// <summary>Answers with a Content-Encoding.</summary>
public sealed class CompressedAnswerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("gzip")]
    [InlineData("GZip")]
    [InlineData("x-gzip")]
    [InlineData("deflate")]
    [InlineData("raw deflate")]
    [InlineData("br")]
    [InlineData("identity")]
    [InlineData("deflate, gzip")]
    [InlineData("br, identity, gzip")]
    public async Task A_compressed_answer_is_the_same_answer(string codings)
    {
        foreach (var length in (int[])[2, 3, 1000, 100_000])
        {
            var json = $"\"{new string('x', length)}\"";
            var body = codings.Split(", ").Aggregate(Encoding.UTF8.GetBytes(json), (bytes, coding) => Coded.By(coding, bytes));

            using var answer = new CannedAnswer(200, body, "application/json", codings.Replace("raw ", "", StringComparison.Ordinal));
            var outcome = Assert.IsType<TaskOutcome.Completed>(await answer.ReadAsync(Cancellation));

            Assert.Equal(json, Encoding.UTF8.GetString(outcome.Output.Span));
        }
    }

    [Fact]
    public async Task The_reason_of_a_compressed_error_is_read()
    {
        using var answer = new CannedAnswer(400, Coded.By("gzip", "{\"detail\":\"the reason\"}"u8.ToArray()), "application/json", "gzip");

        Assert.Equal(
            "The service answered 400: the reason", Assert.IsType<TaskOutcome.Failed>(await answer.ReadAsync(Cancellation)).Message);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task A_small_answer_that_expands_without_end_is_refused(string coding)
    {
        using var answer = new CannedAnswer(200, Coded.By(coding, new byte[80 << 20]), "application/json", coding);

        var outcome = Assert.IsType<TaskOutcome.Failed>(await answer.ReadAsync(Cancellation));

        Assert.Equal(ErrorKind.InvalidAnswer, outcome.Kind);
        Assert.Contains("larger than 64 MB after decompression", outcome.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip", "is not valid gzip data")]
    [InlineData("br", "is not valid br data")]
    [InlineData("zstd", "gzip, deflate, br are")]
    public async Task What_cannot_be_decompressed_is_refused_by_name(string coding, string words)
    {
        using var answer = new CannedAnswer(200, "{\"text\":\"plain\"}"u8.ToArray(), "application/json", coding);

        var outcome = Assert.IsType<TaskOutcome.Failed>(await answer.ReadAsync(Cancellation));

        Assert.Equal(ErrorKind.InvalidAnswer, outcome.Kind);
        Assert.Contains(words, outcome.Message, StringComparison.Ordinal);
    }

    /// <summary>Text, so that no parser notices that the end is missing.</summary>
    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("raw deflate")]
    [InlineData("br")]
    public async Task A_compressed_answer_that_is_cut_off_is_asked_for_again(string coding)
    {
        var body = Coded.By(coding, Encoding.UTF8.GetBytes(string.Join(' ', Enumerable.Range(0, 5000))));
        foreach (var length in (int[])[3, body.Length / 2, body.Length - 1])
        {
            using var answer = new CannedAnswer(
                200, body[..length], "application/json", coding.Replace("raw ", "", StringComparison.Ordinal));

            var outcome = Assert.IsType<TaskOutcome.Retry>(await answer.ReadAsync(Cancellation));

            Assert.Equal(ErrorKind.InvalidAnswer, outcome.Kind);
            Assert.Contains("is cut off", outcome.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task All_members_of_a_gzip_answer_are_read_and_other_bytes_behind_it_refused()
    {
        byte[] body = [.. Coded.By("gzip", "[1,"u8), .. Coded.By("gzip", "2]"u8)];
        using var whole = new CannedAnswer(200, body, "application/json", "gzip");
        Assert.Equal(
            "[1,2]", Encoding.UTF8.GetString(Assert.IsType<TaskOutcome.Completed>(await whole.ReadAsync(Cancellation)).Output.Span));

        using var followed = new CannedAnswer(200, [.. body, .. "]"u8], "application/json", "gzip");
        Assert.Contains(
            "other bytes follow",
            Assert.IsType<TaskOutcome.Failed>(await followed.ReadAsync(Cancellation)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_without_a_body_may_name_a_coding()
    {
        using var answer = new CannedAnswer(500, [], "application/json", "gzip");

        Assert.StartsWith(
            "The service answered 500",
            Assert.IsType<TaskOutcome.Retry>(await answer.ReadAsync(Cancellation)).Message,
            StringComparison.Ordinal);
    }
}
