using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Store;

/// <summary>
/// Reads binary parts of tasks, and bodies that arrived in chunks, whether their bytes are in rows of the database or in files beside it
/// (docs/adr/0030). They are written by <see cref="IUpload"/>, do not change after its commit, and are removed by <see cref="IMaintain"/>.
/// </summary>
public interface IPayloads
{
    /// <summary>The most bytes in a piece.</summary>
    const int MaxPiece = 1024 * 1024;

    /// <summary>
    /// Returns the bytes in pieces. The length of each piece but the last is a multiple of 3. A piece is valid until the next one is
    /// requested. Of bytes in a file the SHA-256 is compared before the last piece is returned.
    /// </summary>
    /// <exception cref="PayloadLostException">Bytes are missing, or not those that were stored.</exception>
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadPayloadAsync(long payloadKey, long size, CancellationToken cancellationToken);

    /// <summary>The same of a part whose place may be known, so that the database need not be asked for it.</summary>
    /// <inheritdoc cref="ReadPayloadAsync(long, long, CancellationToken)" path="/exception"/>
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadPayloadAsync(PayloadRef payload, CancellationToken cancellationToken);

    /// <summary>
    /// Reads piece <paramref name="sequence"/> (from 0) of a payload into <paramref name="destination"/> and returns its length; null past
    /// the end. A piece has at most 1 MB; the length of each piece but the last is a multiple of 3.
    /// </summary>
    /// <exception cref="PayloadLostException">Bytes are missing.</exception>
    Task<int?> ReadPayloadChunkAsync(long payloadKey, int sequence, Memory<byte> destination, CancellationToken cancellationToken);
}
