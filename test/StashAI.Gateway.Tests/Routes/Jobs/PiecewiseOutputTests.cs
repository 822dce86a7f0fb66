using System.Buffers;
using System.IO.Pipelines;
using StashAI.Gateway.Submit.Results;

namespace StashAI.Gateway.Tests.Routes.Jobs;

/// <summary>What is kept for a client that does not read.</summary>
public sealed class PiecewiseOutputTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Of_a_page_that_nobody_reads_no_more_than_a_piece_waits_in_the_pipe()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: PiecewiseOutput.PieceBytes, useSynchronizationContext: false));
        var page = new byte[4_000_000];
        new Random(5).NextBytes(page);

        var writing = pipe.Writer.WritePiecesAsync(page, Cancellation).AsTask();

        Assert.False(writing.IsCompleted);
        var waiting = await pipe.Reader.ReadAsync(Cancellation);
        Assert.Equal(PiecewiseOutput.PieceBytes, waiting.Buffer.Length);
        pipe.Reader.AdvanceTo(waiting.Buffer.Start);
        var read = new MemoryStream();
        var reading = pipe.Reader.CopyToAsync(read, Cancellation);
        Assert.True(await writing);
        await pipe.Writer.CompleteAsync();
        await reading;
        Assert.Equal(page, read.ToArray());
    }

    [Fact]
    public async Task Lines_are_sent_once_they_are_a_piece()
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));

        for (var sent = 0; sent < 5; sent++)
        {
            pipe.Writer.Write(new byte[PiecewiseOutput.PieceBytes / 2]);
            Assert.True(await pipe.Writer.SendPieceAsync(Cancellation));
        }

        Assert.True(pipe.Reader.TryRead(out var waiting));
        Assert.Equal(2 * PiecewiseOutput.PieceBytes, waiting.Buffer.Length);
    }
}
