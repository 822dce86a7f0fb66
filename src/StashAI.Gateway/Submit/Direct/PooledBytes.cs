using System.Buffers;

namespace StashAI.Gateway.Submit.Direct;

/// <summary>The bytes of a payload in pooled memory, in pieces whose base64 can be concatenated.</summary>
internal sealed class PooledBytes(DirectMemory memory)
{
    private const int MinPiece = 4 * 1024;
    private const int MaxPiece = 256 * 1024;

    private readonly List<byte[]> full = [];
    private byte[] last = [];
    private int lastLength;
    private long taken;

    public long Length { get; private set; }

    /// <summary>Appends bytes; false when there is not enough memory.</summary>
    public bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (lastLength == Usable(last) && !TryGrow()) return false;
            var part = Math.Min(bytes.Length, Usable(last) - lastLength);
            bytes[..part].CopyTo(last.AsSpan(lastLength));
            lastLength += part;
            Length += part;
            bytes = bytes[part..];
        }

        return true;
    }

    public IEnumerable<ReadOnlyMemory<byte>> Pieces
    {
        get
        {
            foreach (var piece in full) yield return piece.AsMemory(0, Usable(piece));
            if (lastLength > 0) yield return last.AsMemory(0, lastLength);
        }
    }

    /// <summary>Releases the memory; <paramref name="isUnread"/> is true when no call can still be reading it.</summary>
    public void Release(bool isUnread)
    {
        if (isUnread)
        {
            foreach (var piece in full) ArrayPool<byte>.Shared.Return(piece);
            if (last.Length > 0) ArrayPool<byte>.Shared.Return(last);
        }

        full.Clear();
        (last, lastLength) = ([], 0);
        memory.Return(taken);
        taken = 0;
    }

    private bool TryGrow()
    {
        var size = Math.Min(MaxPiece, Math.Max(MinPiece, last.Length * 2));
        if (!memory.TryTake(size)) return false;
        taken += size;
        var larger = ArrayPool<byte>.Shared.Rent(size);
        if (last.Length >= MaxPiece)
        {
            full.Add(last);
            lastLength = 0;
        }
        else if (last.Length > 0)
        {
            last.AsSpan(0, lastLength).CopyTo(larger);
            memory.Return(last.Length);
            taken -= last.Length;
            ArrayPool<byte>.Shared.Return(last);
        }

        last = larger;
        return true;
    }

    private static int Usable(byte[] piece) => piece.Length - (piece.Length % 3);
}
