using StashAI.Queue.Model.Files;

namespace StashAI.Queue.Store;

/// <summary>Files that clients send in parts, each of which is a payload (docs/adr/0042). One that has expired is not found.</summary>
public interface IClientUploads
{
    /// <summary>
    /// The most bytes of all parts of an upload: a client whose part was stored, and who got no answer, sends it again.
    /// </summary>
    static long MaxBytesOfParts(ClientUpload upload) => 2 * upload.Size;

    /// <summary>Begins an upload, or finds the one with its id (S12).</summary>
    /// <param name="upload">The upload.</param>
    /// <param name="most">The most pending uploads of its owner, and the most bytes of their files.</param>
    /// <param name="cancellationToken">Cancels the call if it has not begun.</param>
    /// <returns>Null if its owner would have too much.</returns>
    Task<ClientUpload?> BeginUploadAsync(NewClientUpload upload, ClientFileUsage most, CancellationToken cancellationToken);

    Task<ClientUpload?> FindUploadAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a part of a body (<see cref="IBodyUploads"/>) with all its bytes, in one step: the body is gone, and the part has its bytes.
    /// Repeating the call finds the part (S12).
    /// </summary>
    Task<PartOutcome> AddPartAsync(Guid uploadId, Guid partId, Guid bodyId, CancellationToken cancellationToken);

    /// <summary>The parts of an upload, in the order in which they were complete.</summary>
    Task<IReadOnlyList<UploadPart>> ListPartsAsync(Guid uploadId, CancellationToken cancellationToken);

    /// <summary>
    /// Makes a file of a pending upload and of a body with all its bytes, in one step: the body and the parts are gone. Repeating the call
    /// finds the file (S12), whatever it was completed with.
    /// </summary>
    /// <param name="uploadId">The upload, and the id of the file.</param>
    /// <param name="bodyId">The bytes of the file.</param>
    /// <param name="completedWith">A print of what it is completed with, which is kept with the upload.</param>
    /// <param name="most">The most files and bytes of the owner.</param>
    /// <param name="cancellationToken">Cancels the call if it has not begun.</param>
    /// <returns>Null if the upload is not pending, the body is gone, or the owner would have too much.</returns>
    Task<ClientFile?> CompleteUploadAsync(
        Guid uploadId, Guid bodyId, string completedWith, ClientFileUsage most, CancellationToken cancellationToken);

    /// <summary>Cancels a pending upload and releases its parts; the upload as it is now, or null for an unknown one.</summary>
    Task<ClientUpload?> CancelUploadAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Removes up to <paramref name="limit"/> uploads that have expired, with their parts; returns how many.</summary>
    Task<int> RemoveExpiredUploadsAsync(int limit, CancellationToken cancellationToken);
}
