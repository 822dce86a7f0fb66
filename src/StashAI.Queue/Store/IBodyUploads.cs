using StashAI.Queue.Model.Uploads;

namespace StashAI.Queue.Store;

/// <summary>Request bodies that arrive in chunks. Their bytes are a payload, which <see cref="IRead"/> reads.</summary>
public interface IBodyUploads
{
    /// <summary>
    /// Stores a new upload, or finds the one with its idempotency key or its id (S12): then the result has another declaration or the same.
    /// </summary>
    /// <param name="upload">The upload.</param>
    /// <param name="most">The most open uploads of its owner.</param>
    /// <param name="keep">An upload with this key that was not touched for this long is replaced.</param>
    /// <param name="cancellationToken">Cancels the call if it has not begun.</param>
    /// <returns>Null while the owner has <paramref name="most"/> open uploads.</returns>
    Task<BodyUpload?> StartUploadAsync(NewBodyUpload upload, int most, TimeSpan keep, CancellationToken cancellationToken);

    Task<BodyUpload?> FindUploadAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// Stores a chunk, which is durable when the call returns. What overlaps stored bytes must equal them; the rest is appended.
    /// </summary>
    /// <param name="id">The upload.</param>
    /// <param name="offset">The position of the chunk in the body.</param>
    /// <param name="bytes">The chunk.</param>
    /// <param name="mostOfOwner">The most bytes of all open uploads of its owner.</param>
    /// <param name="cancellationToken">Cancels the call if it has not begun.</param>
    Task<ChunkResult> AppendUploadAsync(
        Guid id, long offset, ReadOnlyMemory<byte> bytes, long mostOfOwner, CancellationToken cancellationToken);

    /// <summary>Stores which job the upload became and releases its bytes; a second call changes nothing.</summary>
    Task CommitUploadAsync(Guid id, Guid jobId, CancellationToken cancellationToken);

    /// <summary>Removes an upload and releases its bytes; false when it is unknown.</summary>
    Task<bool> RemoveUploadAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// Removes up to <paramref name="limit"/> uploads that were not touched for longer than <paramref name="keep"/>; returns how many.
    /// </summary>
    Task<int> RemoveOldUploadsAsync(TimeSpan keep, int limit, CancellationToken cancellationToken);
}
