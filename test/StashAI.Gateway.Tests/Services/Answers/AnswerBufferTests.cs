using System.IO.Compression;
using System.Net.Http.Headers;
using StashAI.Adapters.Http;
using StashAI.Sdk;

namespace StashAI.Gateway.Tests.Services.Answers;

/// <summary>A call asks for the memory of a large answer before it holds it, however the answer comes.</summary>
public sealed class AnswerBufferTests
{
    private const int Limit = 8 * 1024 * 1024;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, false, false)]
    [InlineData(1, true, false)]
    [InlineData(65_535, true, false)]
    [InlineData(60_000, false, true)]
    [InlineData(65_537, true, false)]
    [InlineData(200_000, true, false)]
    [InlineData(1_048_576, true, true)]
    [InlineData(3_000_001, false, false)]
    [InlineData(5_000_000, false, true)]
    [InlineData(8_388_608, true, false)]
    [InlineData(20_000_000, false, true)]
    public async Task The_bytes_are_asked_for_before_they_are_held(int size, bool hasLength, bool isCoded)
    {
        var body = new byte[size];
        new Random(size).NextBytes(body);
        var memory = new Asked();

        var read = await AnswerBody.ReadAsync(Content(body, hasLength, isCoded), Limit, Cancellation, memory: memory);

        Assert.True(body.AsSpan(0, Math.Min(size, Limit)).SequenceEqual(read));
        if (size < ICallMemory.FreeBytes) Assert.Equal(0, memory.Bytes);
        else Assert.InRange(memory.Bytes, Math.Max(0, read.Length - (2 * ICallMemory.FreeBytes)), Limit);
    }

    [Fact]
    public async Task What_is_passed_on_while_it_arrives_is_asked_for_twice()
    {
        var (once, twice) = (new Asked(), new Asked());
        var body = new byte[1_000_000];
        var passed = 0;

        await AnswerBody.ReadAsync(Content(body, true, false), Limit, Cancellation, memory: once);
        await AnswerBody.ReadAsync(
            Content(body, true, false), Limit, Cancellation,
            (piece, _) =>
            {
                passed += piece.Length;
                return ValueTask.CompletedTask;
            },
            memory: twice);

        Assert.Equal((body.Length, once.Bytes * 2), (passed, twice.Bytes));
    }

    [Fact]
    public async Task An_answer_that_is_not_given_memory_is_read_no_further()
    {
        using var leaving = new CancellationTokenSource();
        var memory = new Asked { OnTake = leaving.Cancel };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => AnswerBody.ReadAsync(Content(new byte[1_000_000], false, false), Limit, leaving.Token, memory: memory));
    }

    private static StreamContent Content(byte[] body, bool hasLength, bool isCoded)
    {
        var bytes = body;
        if (isCoded)
        {
            using var coded = new MemoryStream();
            using (var gzip = new GZipStream(coded, CompressionLevel.Fastest)) gzip.Write(body);
            bytes = coded.ToArray();
        }

        var content = new StreamContent(hasLength ? new MemoryStream(bytes) : new BufferedStream(new Unsized(bytes)));
        if (isCoded) content.Headers.ContentEncoding.Add("gzip");
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    /// <summary>Bytes whose number nobody knows beforehand.</summary>
    private sealed class Unsized(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }

    private sealed class Asked : ICallMemory
    {
        public long Bytes { get; private set; }

        public Action OnTake { get; init; } = () => { };

        public ValueTask TakeAsync(long bytes, CancellationToken cancellationToken)
        {
            OnTake();
            cancellationToken.ThrowIfCancellationRequested();
            Bytes += bytes;
            return ValueTask.CompletedTask;
        }
    }
}
