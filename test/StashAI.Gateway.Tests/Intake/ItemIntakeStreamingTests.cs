using System.Buffers.Text;
using System.IO.Pipelines;
using System.Security.Cryptography;
using StashAI.Gateway.Intake.Items;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Tests.Intake;

public sealed class ItemIntakeStreamingTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_item_of_64_MB_streams_through_in_small_pieces()
    {
        var pipe = new Pipe();
        var sink = new HashingSink();
        var reading = ItemIntake.ReadJsonAsync(pipe.Reader, Bodies.Photos, sink, new IntakeLimits(), Stop);

        using var sent = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var chunk = new byte[48 * 1024];
        var text = new byte[chunk.Length / 3 * 4];
        await pipe.Writer.WriteAsync("{\"images\":[\""u8.ToArray(), Stop);
        long total = 0;
        for (var seed = 0; total < 64 << 20; seed++)
        {
            new Random(seed).NextBytes(chunk);
            sent.AppendData(chunk);
            total += chunk.Length;
            Base64.EncodeToUtf8(chunk, text, out _, out var written);
            await pipe.Writer.WriteAsync(text.AsMemory(0, written), Stop);
        }

        await pipe.Writer.WriteAsync("\"],\"config\":{\"threshold\":0.7}}"u8.ToArray(), Stop);
        await pipe.Writer.CompleteAsync();
        using var result = await reading;

        Assert.Equal(sent.GetHashAndReset(), sink.Hash);
        Assert.InRange(sink.LargestPiece, 1, 128 * 1024);
        Assert.Equal(0.7, result.Root.GetProperty("config").GetProperty("threshold").GetDouble());
    }

    [Fact]
    public async Task A_slow_sink_holds_the_sender_back()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 64 * 1024, resumeWriterThreshold: 32 * 1024));
        var sink = new GatedSink();
        var reading = ItemIntake.ReadJsonAsync(pipe.Reader, Bodies.Photos, sink, new IntakeLimits(), Stop);

        await pipe.Writer.WriteAsync("{\"images\":[\"AQID\",\""u8.ToArray(), Stop);
        await sink.Waiting.WaitAsync(Stop);
        var flood = new byte[1 << 20];
        Array.Fill(flood, (byte)'A');
        var sending = pipe.Writer.WriteAsync(flood, Stop).AsTask();
        Assert.False(sending.IsCompleted);

        sink.Open();
        await sending;
        await pipe.Writer.WriteAsync("\"]}"u8.ToArray(), Stop);
        await pipe.Writer.CompleteAsync();
        using var result = await reading;
        Assert.Equal(3 + (flood.Length / 4 * 3), sink.Bytes);
    }

    [Fact]
    public async Task A_sender_that_breaks_off_passes_its_error_on()
    {
        var pipe = new Pipe();
        var reading = ItemIntake.ReadJsonAsync(pipe.Reader, Bodies.Photos, new RecordingSink(), new IntakeLimits(), Stop);
        await pipe.Writer.WriteAsync("{\"images\":[\"AQ"u8.ToArray(), Stop);
        await pipe.Writer.CompleteAsync(new IOException("reset"));
        await Assert.ThrowsAsync<IOException>(() => reading);
    }

    [Fact]
    public async Task Cancelling_ends_the_read()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var pipe = new Pipe();
        var reading = ItemIntake.ReadJsonAsync(pipe.Reader, Bodies.Photos, new RecordingSink(), new IntakeLimits(), cancel.Token);
        await pipe.Writer.WriteAsync("{"u8.ToArray(), Stop);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task After_a_refusal_the_pipe_can_be_read_on()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync("{\"images\":7}"u8.ToArray(), Stop);
        await Assert.ThrowsAsync<IntakeException>(
            () => ItemIntake.ReadJsonAsync(pipe.Reader, Bodies.Photos, new RecordingSink(), new IntakeLimits(), Stop));
        await pipe.Writer.CompleteAsync();
        Assert.True((await pipe.Reader.ReadAsync(Stop)).IsCompleted);
    }

    private sealed class HashingSink : IItemSink
    {
        private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public byte[] Hash { get; private set; } = [];

        public int LargestPiece { get; private set; }

        public void BeginItem(PayloadPath path)
        {
        }

        public void BeginFile(string field, string? dataUrlPrefix)
        {
        }

        public ValueTask WriteFileAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            hash.AppendData(bytes.Span);
            LargestPiece = Math.Max(LargestPiece, bytes.Length);
            return ValueTask.CompletedTask;
        }

        public void EndFile() => Hash = hash.GetHashAndReset();

        public ValueTask EndItemAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }

    private sealed class GatedSink : IItemSink
    {
        private readonly TaskCompletionSource waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Waiting => waiting.Task;

        public long Bytes { get; private set; }

        public void Open() => open.SetResult();

        public void BeginItem(PayloadPath path)
        {
        }

        public void BeginFile(string field, string? dataUrlPrefix)
        {
        }

        public async ValueTask WriteFileAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            waiting.TrySetResult();
            await open.Task.WaitAsync(cancellationToken);
            Bytes += bytes.Length;
        }

        public void EndFile()
        {
        }

        public ValueTask EndItemAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
