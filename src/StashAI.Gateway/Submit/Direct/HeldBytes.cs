using System.Buffers;

namespace StashAI.Gateway.Submit.Direct;

/// <summary>The bytes of a payload in memory, in pieces that join as base64.</summary>
internal sealed class HeldBytes(DirectMemory memory)
{
    private const int Smallest = 4 * 1024;
    private const int Largest = 256 * 1024;

    private readonly List<byte[]> full = [];
    private byte[] last = [];
    private int lastLength;
    private long taken;

    public long Length { get; private set; }

    /// <summary>Appends the bytes; false when there is no memory for them.</summary>
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

    /// <summary>Lets the memory go; <paramref name="isUnread"/> when no call can be reading it any more.</summary>
    public void Release(bool isUnread)
    {
        if (isUnread)
        {
            foreach (var piece in full) ArrayPool<byte>.Shared.Return(piece);
            if (last.Length > 0) ArrayPool<byte>.Shared.Return(last);
        }

        full.Clear();
        (last, lastLength) = ([], 0);
        memory.Give(taken);
        taken = 0;
    }

    private bool TryGrow()
    {
        var size = Math.Min(Largest, Math.Max(Smallest, last.Length * 2));
        if (!memory.TryTake(size)) return false;
        taken += size;
        var larger = ArrayPool<byte>.Shared.Rent(size);
        if (last.Length >= Largest)
        {
            full.Add(last);
            lastLength = 0;
        }
        else if (last.Length > 0)
        {
            last.AsSpan(0, lastLength).CopyTo(larger);
            memory.Give(last.Length);
            taken -= last.Length;
            ArrayPool<byte>.Shared.Return(last);
        }

        last = larger;
        return true;
    }

    private static int Usable(byte[] piece) => piece.Length - (piece.Length % 3);
}
