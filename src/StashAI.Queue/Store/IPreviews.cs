namespace StashAI.Queue.Store;

/// <summary>Small pictures of uploaded photos. They are made once, stored, and removed with their payloads.</summary>
public interface IPreviews
{
    /// <summary>Returns which of these payloads have a preview, or an empty one because there can be none.</summary>
    Task<IReadOnlySet<long>> FindPreviewsAsync(IReadOnlyList<long> payloadKeys, CancellationToken cancellationToken);

    /// <summary>The preview of a payload: null when none was made yet, empty when there can be none.</summary>
    Task<byte[]?> ReadPreviewAsync(long payloadKey, CancellationToken cancellationToken);

    /// <summary>
    /// Stores a preview; an empty one means that there can be none. The first one stays, and a removed payload gets none.
    /// </summary>
    Task SavePreviewAsync(long payloadKey, ReadOnlyMemory<byte> preview, CancellationToken cancellationToken);
}
