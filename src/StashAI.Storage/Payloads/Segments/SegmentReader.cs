using System.Buffers;
using System.Runtime.CompilerServices;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Storage.Payloads.Segments;

/// <summary>Reads a payload from its segment. While a piece is used, at most the next one is read.</summary>
internal static class SegmentReader
{
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(
        ISegmentPlace at, PayloadPlace place, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var segment = at.Open(place.File);
        using var check = new PayloadCheck(place);
        var size = (int)Math.Min(place.Size, PayloadChunk.Size);
        var buffers = new[] { ArrayPool<byte>.Shared.Rent(size), place.Size > size ? ArrayPool<byte>.Shared.Rent(size) : [] };
        var next = FillAsync(at, place, segment, 0, buffers[0], cancellationToken);
        try
        {
            for (var (sequence, left) = (0, place.Size); left > 0; sequence++)
            {
                var piece = buffers[sequence % 2].AsMemory(0, await next);
                left -= piece.Length;
                if (left > 0) next = FillAsync(at, place, segment, sequence + 1, buffers[(sequence + 1) % 2], cancellationToken);
                // Nobody gets the whole of it before it is certain to be what was stored.
                if (!check.Add(piece.Span, isLast: left == 0)) throw Altered(at, place);
                yield return piece;
            }
        }
        finally
        {
            // A read that is under way still writes into its buffer.
            await next.ContinueWith(
                static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            foreach (var buffer in buffers.Where(buffer => buffer.Length > 0)) ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads one piece; null past the end.</summary>
    public static async Task<int?> ReadPieceAsync(
        ISegmentPlace at, PayloadPlace place, int sequence, Memory<byte> destination, CancellationToken cancellationToken)
    {
        if ((long)sequence * PayloadChunk.Size >= place.Size) return null;
        using var segment = at.Open(place.File);
        return await FillAsync(at, place, segment, sequence, destination, cancellationToken);
    }

    private static async Task<int> FillAsync(
        ISegmentPlace at, PayloadPlace place, ISegmentSource segment, int sequence, Memory<byte> destination,
        CancellationToken cancellationToken)
    {
        var start = (long)sequence * PayloadChunk.Size;
        var length = (int)Math.Min(place.Size - start, PayloadChunk.Size);
        for (var filled = 0; filled < length;)
        {
            var read = await segment.ReadAsync(destination[filled..length], place.Offset + start + filled, cancellationToken);
            if (read == 0) throw SegmentErrors.Lost(at.PathOf(place.File), "is shorter than it was");
            filled += read;
        }

        return length;
    }

    private static PayloadLostException Altered(ISegmentPlace at, PayloadPlace place) => SegmentErrors.Lost(
        at.PathOf(place.File), $"was altered: bytes {place.Offset} to {place.Offset + place.Size} are not those that were stored");
}
