using StashAI.Gateway.Dialects.OpenAi.Files;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Problems;
using StashAI.Queue.Model.Uploads;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Tests.Dialects.OpenAi;

/// <summary>The bytes of a file are stored beside the arrival of the next ones.</summary>
public sealed class FileIntakeTests
{
    private static readonly CancellationToken Token = TestContext.Current.CancellationToken;

    private readonly TaskCompletionSource open = new();
    private readonly MemoryStream stored = new();
    private int begun;

    [Fact]
    public async Task The_next_bytes_arrive_while_the_ones_before_are_stored()
    {
        var bytes = new byte[9_000_001];
        new Random(5).NextBytes(bytes);
        using var source = new MemoryStream(bytes);

        var storing = Intake().StoreAsync(Guid.NewGuid(), source, bytes.Length, TooLong, Token);
        Assert.False(storing.IsCompleted);
        var first = begun;
        Assert.InRange(source.Position, first + 1, bytes.Length);
        open.SetResult();

        Assert.Equal(bytes.Length, await storing);
        Assert.Equal(bytes, stored.ToArray());
    }

    [Fact]
    public async Task Bytes_that_are_being_stored_stay_as_they_are_when_the_client_breaks_off()
    {
        using var source = new BrokenStream(new byte[3_000_000]);

        var storing = Intake().StoreAsync(Guid.NewGuid(), source, long.MaxValue, TooLong, Token);
        Assert.False(storing.IsCompleted);
        open.SetResult();

        await Assert.ThrowsAsync<IOException>(() => storing);
        Assert.Equal(begun, stored.Length);
    }

    [Fact]
    public async Task What_cannot_be_stored_ends_the_arrival()
    {
        using var source = new MemoryStream(new byte[9_000_000]);
        open.SetException(new TimeoutException());

        await Assert.ThrowsAsync<TimeoutException>(
            () => Intake().StoreAsync(Guid.NewGuid(), source, long.MaxValue, TooLong, Token));

        Assert.Equal(0, stored.Length);
    }

    private static RequestException TooLong() => RequestException.NotFound("Nothing is too long here.");

    private FileIntake Intake() => new(
        Intercepting.Before<IBodyUploads>(null!, (_, arguments) => AppendAsync((long)arguments[1]!, (ReadOnlyMemory<byte>)arguments[2]!)),
        null!, null!, null!, null!, new IntakeLimits(), null!);

    /// <summary>Stores bytes when it is open, and reads them only then, as a database does.</summary>
    private async Task<ChunkResult> AppendAsync(long offset, ReadOnlyMemory<byte> bytes)
    {
        begun += bytes.Length;
        await open.Task;
        Assert.Equal(offset, stored.Length);
        stored.Write(bytes.Span);
        return new ChunkResult(ChunkOutcome.Stored, stored.Length);
    }

    /// <summary>Breaks off where it should end.</summary>
    private sealed class BrokenStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position < Length ? base.ReadAsync(buffer, cancellationToken) : throw new IOException("The connection is over.");
    }
}
