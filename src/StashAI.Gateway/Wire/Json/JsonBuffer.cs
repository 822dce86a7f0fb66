using System.Buffers;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Wire.Json;

/// <summary>A buffer for one JSON document whose size is about known: it grows by little, because the next array may be large.</summary>
internal sealed class JsonBuffer(int size) : IBufferWriter<byte>
{
    private byte[] bytes = LargeArray.Allocate(size);
    private int length;

    public int Capacity => bytes.Length;

    public ReadOnlyMemory<byte> WrittenMemory => bytes.AsMemory(0, length);

    public ReadOnlySpan<byte> WrittenSpan => bytes.AsSpan(0, length);

    public void ResetWrittenCount() => length = 0;

    public void Advance(int count) => length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(Math.Max(sizeHint, 256));
        return bytes.AsMemory(length);
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    private void Grow(int more)
    {
        if (bytes.Length - length >= more) return;
        var larger = LargeArray.Allocate(length + more + Math.Min(bytes.Length, 1 << 20));
        WrittenSpan.CopyTo(larger);
        bytes = larger;
    }
}
