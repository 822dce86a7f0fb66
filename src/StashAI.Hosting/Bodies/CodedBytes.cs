using System.Buffers.Binary;

namespace StashAI.Hosting.Bodies;

/// <summary>The bytes of a compressed body on their way to the decoder: how many they are, and the last ones, which say whether all came.</summary>
internal sealed class CodedBytes(Stream inner) : Stream
{
    private const int TailLength = 4;

    private readonly byte[] tail = new byte[TailLength];

    /// <summary>How many were read so far.</summary>
    public long Count { get; private set; }

    /// <summary>The last four as a number.</summary>
    public uint LittleEndianTail => BinaryPrimitives.ReadUInt32LittleEndian(tail);

    /// <summary>The last four as a number.</summary>
    public uint BigEndianTail => BinaryPrimitives.ReadUInt32BigEndian(tail);

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        Count += read;
        var fresh = buffer.Span[..read];
        if (fresh.Length >= TailLength)
        {
            fresh[^TailLength..].CopyTo(tail);
        }
        else if (fresh.Length > 0)
        {
            tail.AsSpan(fresh.Length).CopyTo(tail);
            fresh.CopyTo(tail.AsSpan(TailLength - fresh.Length));
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Bodies are read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
