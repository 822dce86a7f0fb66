using System.Buffers;
using System.Runtime.CompilerServices;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Store;

/// <summary>Reads stored payloads piece by piece through one pooled buffer.</summary>
public static class PayloadReader
{
    /// <summary>The most bytes in a piece.</summary>
    public const int MaxPiece = 1024 * 1024;

    /// <summary>The binary parts of a task.</summary>
    public static async Task<IReadOnlyList<PayloadRef>> ListPayloadsAsync(
        this IRead store, long taskKey, CancellationToken cancellationToken) =>
        [.. (await store.ListPayloadsAsync([taskKey], cancellationToken))[taskKey]];

    /// <summary>
    /// Returns the bytes in pieces. The length of each piece but the last is a multiple of 3. A piece is valid until the next one is
    /// requested.
    /// </summary>
    /// <exception cref="InvalidDataException">A piece is missing in the database.</exception>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadPayloadAsync(
        this IRead store, long payloadKey, long size, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(size, MaxPiece));
        try
        {
            for (var (left, sequence) = (size, 0); left > 0; sequence++)
            {
                var length = await store.ReadPayloadChunkAsync(payloadKey, sequence, buffer, cancellationToken)
                    ?? throw new InvalidDataException($"Piece {sequence} of payload {payloadKey} is missing in the database.");
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
