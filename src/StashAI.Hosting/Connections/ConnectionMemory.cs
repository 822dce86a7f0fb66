using System.Buffers;
using Microsoft.AspNetCore.Connections;

namespace StashAI.Hosting.Connections;

/// <summary>
/// The memory of connections. Kestrel's own blocks have 4 KB, so that a body of megabytes is received with a call of the operating system
/// for each 4 KB, and two threads hand each of them over. Here the first blocks in use have 32 KB, and only those beyond have 4 KB: many
/// slow clients, who hold a block each, take little more memory than with Kestrel's.
/// </summary>
internal sealed class ConnectionMemory : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    /// <summary>The size of a large block in bytes.</summary>
    public const int LargeSize = 32 * 1024;

    /// <summary>The size of a small block in bytes, which is that of Kestrel's.</summary>
    public const int SmallSize = 4 * 1024;

    /// <summary>So many large blocks are given before small ones are: 8 MB.</summary>
    public const int MaxLarge = 256;

    /// <summary>So many small blocks are kept for later: 4 MB.</summary>
    private const int MaxSmallKept = 1024;

    // The block that was used last is still in the processor's cache.
    private readonly Stack<Block> large = new();
    private readonly Stack<Block> small = new();
    private readonly Lock gate = new();
    private int largeInUse;

    public override int MaxBufferSize => LargeSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, LargeSize);
        int size;
        lock (gate)
        {
            var isLarge = minBufferSize > SmallSize || largeInUse < MaxLarge;
            if (isLarge) largeInUse++;
            if ((isLarge ? large : small).TryPop(out var block)) return block.Take();
            size = isLarge ? LargeSize : SmallSize;
        }

        return new Block(this, size).Take();
    }

    /// <summary>All connections of a server get the same memory.</summary>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => this;

    /// <summary>Each listener says when it needs it no longer, and others go on.</summary>
    protected override void Dispose(bool disposing)
    {
    }

    private void Return(Block block)
    {
        var isLarge = block.Memory.Length == LargeSize;
        lock (gate)
        {
            if (isLarge) largeInUse--;
            var kept = isLarge ? large : small;
            if (kept.Count < (isLarge ? MaxLarge : MaxSmallKept)) kept.Push(block);
        }
    }

    /// <summary>A block. It is pinned, because the operating system writes to it while the garbage collector may run.</summary>
    private sealed class Block(ConnectionMemory pool, int size) : IMemoryOwner<byte>
    {
        private int isTaken;

        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(size, pinned: true);

        public Block Take()
        {
            isTaken = 1;
            return this;
        }

        /// <summary>Gives it back, once: two owners of a block would mix up two clients.</summary>
        public void Dispose()
        {
            if (Interlocked.Exchange(ref isTaken, 0) == 1) pool.Return(this);
        }
    }
}
