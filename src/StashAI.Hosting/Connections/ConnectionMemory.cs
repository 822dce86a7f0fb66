using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace StashAI.Hosting.Connections;

/// <summary>
/// The memory of connections, in blocks of 16 KB. Kestrel's own blocks have 4 KB, and a large body is then received with four times as many
/// calls of the operating system.
/// </summary>
internal sealed class ConnectionMemory : MemoryPool<byte>
{
    /// <summary>The size of a block in bytes. A connection that is idle has none.</summary>
    public const int BlockSize = 16 * 1024;

    /// <summary>How many blocks are kept for later: 8 MB.</summary>
    private const int MaxKept = 512;

    // The block that was used last is still in the processor's cache.
    private readonly Stack<Block> kept = new();
    private readonly Lock gate = new();
    private bool isDisposed;

    public override int MaxBufferSize => BlockSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        lock (gate)
            if (kept.TryPop(out var block)) return block;
        return new Block(this);
    }

    protected override void Dispose(bool disposing)
    {
        lock (gate)
        {
            isDisposed = true;
            kept.Clear();
        }
    }

    private void Return(Block block)
    {
        lock (gate)
            if (!isDisposed && kept.Count < MaxKept) kept.Push(block);
    }

    /// <summary>Makes a pool for each queue of connections.</summary>
    public sealed class Factory : IMemoryPoolFactory<byte>
    {
        public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new ConnectionMemory();
    }

    /// <summary>A block. It is pinned, because the operating system writes to it while the garbage collector may run.</summary>
    private sealed class Block(ConnectionMemory pool) : IMemoryOwner<byte>
    {
        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true);

        public void Dispose() => pool.Return(this);
    }
}
