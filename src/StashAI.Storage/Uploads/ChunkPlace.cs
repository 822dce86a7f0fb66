using StashAI.Storage.Payloads;

namespace StashAI.Storage.Uploads;

/// <summary>A part of a chunk that belongs into one row, and where it begins there.</summary>
/// <param name="Sequence">The row.</param>
/// <param name="Start">The position in the row.</param>
/// <param name="Bytes">The part.</param>
internal readonly record struct ChunkPlace(int Sequence, int Start, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Splits bytes of a body over the rows of its payload, which all but the last are full.</summary>
    public static IEnumerable<ChunkPlace> Split(long offset, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var (sequence, start) = ((int)(offset / PayloadChunk.Size), (int)(offset % PayloadChunk.Size));
            var length = Math.Min(bytes.Length, PayloadChunk.Size - start);
            yield return new ChunkPlace(sequence, start, bytes[..length]);
            (offset, bytes) = (offset + length, bytes[length..]);
        }
    }

    /// <summary>True when the stored row has these bytes at this place.</summary>
    public bool IsIn(ReadOnlySpan<byte> row) =>
        row.Length >= Start + Bytes.Length && row.Slice(Start, Bytes.Length).SequenceEqual(Bytes.Span);
}
