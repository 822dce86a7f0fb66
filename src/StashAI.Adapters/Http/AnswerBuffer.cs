using System.Buffers;
using System.Numerics;
using StashAI.Sdk;

namespace StashAI.Adapters.Http;

/// <summary>
/// The bytes of a body while they arrive, in pieces, so that nothing is copied or held twice when it grows. The first 64 KB are free; the
/// call asks for each other piece before it holds it.
/// </summary>
/// <param name="limit">The most bytes.</param>
/// <param name="size">How many there probably are.</param>
/// <param name="memory">What the call asks; null for nothing.</param>
/// <param name="copies">How many times the bytes are held.</param>
internal sealed class AnswerBuffer(int limit, long size, ICallMemory? memory, int copies) : IDisposable
{
    /// <summary>The pool keeps pieces of this size, and the rest of a piece is wasted.</summary>
    private const int MaxPiece = 1024 * 1024;

    private List<byte[]>? full;
    private int fullBytes;

    /// <summary>With one byte more, the end of a body of the expected size is found without another piece.</summary>
    private byte[] current = ArrayPool<byte>.Shared.Rent((int)Math.Min(Math.Min(limit, size) + 1, ICallMemory.FreeBytes));
    private int used;

    /// <summary>How many bytes there are.</summary>
    public int Length => fullBytes + used;

    /// <summary>True when <see cref="GrowAsync"/> has to come before the next byte.</summary>
    public bool IsFull => used == current.Length;

    /// <summary>Where the next bytes belong, at most up to the limit.</summary>
    public Memory<byte> Free => current.AsMemory(used, Math.Min(current.Length - used, limit - Length));

    /// <summary>Counts bytes that were written to <see cref="Free"/>.</summary>
    public void Advance(int count) => used += count;

    /// <summary>Adds a piece, as large as everything before it, or as what is missing.</summary>
    public async ValueTask GrowAsync(CancellationToken cancellationToken)
    {
        var isFree = Length < ICallMemory.FreeBytes;
        var rest = isFree ? ICallMemory.FreeBytes - Length : size > Length ? size - Length + 1 : Length;
        // The arrays of the pool have such sizes.
        var wanted = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(rest, MaxPiece));
        if (memory is not null && !isFree) await memory.TakeAsync((long)Math.Min(wanted, limit - Length) * copies, cancellationToken);
        var piece = ArrayPool<byte>.Shared.Rent(wanted);
        (full ??= []).Add(current);
        fullBytes += used;
        (current, used) = (piece, 0);
    }

    /// <summary>All bytes.</summary>
    public byte[] ToArray()
    {
        if (full is null) return current.AsSpan(0, used).ToArray();
        var all = GC.AllocateUninitializedArray<byte>(Length);
        var at = 0;
        foreach (var piece in full)
        {
            piece.CopyTo(all.AsSpan(at));
            at += piece.Length;
        }

        current.AsSpan(0, used).CopyTo(all.AsSpan(at));
        return all;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(current);
        foreach (var piece in full ?? []) ArrayPool<byte>.Shared.Return(piece);
    }
}
