using System.IO.Compression;
using System.Text;
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
            var body = codings.Split(", ").Aggregate(Encoding.UTF8.GetBytes(json), Compress);

            using var answer = new CannedAnswer(200, body, "application/json", codings.Replace("raw ", "", StringComparison.Ordinal));
            var outcome = Assert.IsType<TaskOutcome.Completed>(await answer.ReadAsync(Cancellation));

            Assert.Equal(json, Encoding.UTF8.GetString(outcome.Output.Span));
        }
    }

    [Fact]
    public async Task The_reason_of_a_compressed_error_is_read()
    {
        using var answer = new CannedAnswer(400, Compress("{\"detail\":\"the reason\"}"u8.ToArray(), "gzip"), "application/json", "gzip");

        Assert.Equal("The service answered 400: the reason", Assert.IsType<TaskOutcome.Failed>(await answer.ReadAsync(Cancellation)).Message);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    public async Task A_small_answer_that_expands_without_end_is_refused(string coding)
    {
        using var answer = new CannedAnswer(200, Compress(new byte[80 << 20], coding), "application/json", coding);

        var outcome = Assert.IsType<TaskOutcome.Failed>(await answer.ReadAsync(Cancellation));

        Assert.Equal(ErrorKind.InvalidAnswer, outcome.Kind);
        Assert.Contains("larger than 64 MB after decompression", outcome.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip", "is not valid gzip data")]
    [InlineData("br", "is not valid br data")]
    [InlineData("zstd", "gzip, deflate and br are")]
    public async Task What_cannot_be_decompressed_is_refused_by_name(string coding, string words)
    {
        using var answer = new CannedAnswer(200, "{\"text\":\"plain\"}"u8.ToArray(), "application/json", coding);

        var outcome = Assert.IsType<TaskOutcome.Failed>(await answer.ReadAsync(Cancellation));

        Assert.Equal(ErrorKind.InvalidAnswer, outcome.Kind);
        Assert.Contains(words, outcome.Message, StringComparison.Ordinal);
    }

    private static byte[] Compress(byte[] bytes, string coding)
    {
        if (coding == "identity") return bytes;
        using var compressed = new MemoryStream();
        using (Stream stream = coding.ToLowerInvariant() switch
        {
            "gzip" or "x-gzip" => new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true),
            "deflate" => new ZLibStream(compressed, CompressionLevel.Fastest, leaveOpen: true),
            "raw deflate" => new DeflateStream(compressed, CompressionLevel.Fastest, leaveOpen: true),
            _ => new BrotliStream(compressed, CompressionLevel.Fastest, leaveOpen: true),
        })
        {
            stream.Write(bytes);
        }

        return compressed.ToArray();
    }
}
