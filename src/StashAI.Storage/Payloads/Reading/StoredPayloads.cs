using System.Buffers;
using System.Runtime.CompilerServices;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Storage.Payloads.Objects;
using StashAI.Storage.Payloads.Segments;

namespace StashAI.Storage.Payloads.Reading;

/// <summary>Reads payloads from wherever each is. Segments are read whatever new uploads use.</summary>
internal sealed class StoredPayloads(IPayloadRows rows, IReadOnlyList<ISegmentPlace> places) : IPayloads
{
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadPayloadAsync(
        long payloadKey, long size, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (size == 0) yield break;
        // Without a place of segments, all that can be read is in rows.
        var place = places.Count == 0 ? null : await rows.FindPlaceAsync(payloadKey, cancellationToken);
        var pieces = place is null
            ? ReadRowsAsync(payloadKey, size, cancellationToken)
            : SegmentReader.ReadAsync(Find(place), place, cancellationToken);
        await foreach (var piece in pieces) yield return piece;
    }

    public IAsyncEnumerable<ReadOnlyMemory<byte>> ReadPayloadAsync(PayloadRef payload, CancellationToken cancellationToken) =>
        payload.Place is { } place
            ? SegmentReader.ReadAsync(Find(place), place, cancellationToken)
            : ReadPayloadAsync(payload.Key, payload.Size, cancellationToken);

    public async Task<int?> ReadPayloadChunkAsync(
        long payloadKey, int sequence, Memory<byte> destination, CancellationToken cancellationToken)
    {
        if (await rows.ReadRowAsync(payloadKey, sequence, destination, cancellationToken) is { } length) return length;
        return await rows.FindPlaceAsync(payloadKey, cancellationToken) is { } place
            ? await SegmentReader.ReadPieceAsync(Find(place), place, sequence, destination, cancellationToken)
            : null;
    }

    private ISegmentPlace Find(PayloadPlace place) =>
        places.FirstOrDefault(one => place.File.EndsWith(one.Extension, StringComparison.Ordinal)) ?? throw NoPlace(place);

    private static PayloadLostException NoPlace(PayloadPlace place) => new(
        place.File.EndsWith(SegmentBucket.ObjectExtension, StringComparison.Ordinal)
            ? $"The bytes are in the object {place.File} of a bucket, and PAYLOADS names no bucket: set PAYLOADS to s3:// and that bucket."
            : $"The bytes are in {place.File} of a folder of payloads, and PAYLOADS names no folder: set PAYLOADS to files: and that "
                + "folder.");

    private async Task<PayloadLostException> MissingAsync(long payloadKey, int sequence, CancellationToken cancellationToken) =>
        places.Count == 0 && await rows.FindPlaceAsync(payloadKey, cancellationToken) is { } place
            ? NoPlace(place)
            : new PayloadLostException($"Piece {sequence} of payload {payloadKey} is missing in the database: submit the item again.");

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadRowsAsync(
        long payloadKey, long size, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(size, IPayloads.MaxPiece));
        try
        {
            for (var (left, sequence) = (size, 0); left > 0; sequence++)
            {
                var length = await rows.ReadRowAsync(payloadKey, sequence, buffer, cancellationToken)
                    ?? throw await MissingAsync(payloadKey, sequence, cancellationToken);
                left -= length;
                yield return buffer.AsMemory(0, length);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
