using StashAI.Queue.Model.Files;

namespace StashAI.Queue.Store;

/// <summary>
/// Files that clients keep. Their bytes are payloads, which <see cref="IRead"/> reads. One that has expired is not found.
/// </summary>
public interface IClientFiles
{
    /// <summary>
    /// Makes a file of an upload with all its bytes, in one step: the upload is gone, and its owner has the file. Repeating the call finds
    /// the file (S12).
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="uploadId">An upload (<see cref="IBodyUploads"/>) that is not a job.</param>
    /// <param name="most">The most files and bytes of its owner. Files that are kept at the same moment may pass it together.</param>
    /// <param name="cancellationToken">Cancels the call if it has not begun.</param>
    /// <returns>Null if there is no such upload, or if its owner would have too much.</returns>
    Task<ClientFile?> KeepUploadAsync(NewClientFile file, Guid uploadId, ClientFileUsage most, CancellationToken cancellationToken);

    /// <summary>What an owner keeps; null for callers without a key.</summary>
    Task<ClientFileUsage> ReadUsageAsync(string? owner, CancellationToken cancellationToken);

    Task<ClientFile?> FindFileAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>A page of files; null if the one to go on behind is unknown.</summary>
    Task<IReadOnlyList<ClientFile>?> ListFilesAsync(ClientFileQuery query, CancellationToken cancellationToken);

    /// <summary>Removes a file and releases its bytes; false when it is unknown.</summary>
    Task<bool> RemoveFileAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Removes up to <paramref name="limit"/> files that have expired; returns how many.</summary>
    Task<int> RemoveExpiredFilesAsync(int limit, CancellationToken cancellationToken);
}
