namespace StashAI.Queue.Store;

/// <summary>Small pictures of uploaded photos, made once and kept with them. They are removed with their payloads.</summary>
public interface IPreviews
{
    /// <summary>Those of some payloads whose preview is settled, an empty one included.</summary>
    Task<IReadOnlySet<long>> FindPreviewsAsync(IReadOnlyList<long> payloadKeys, CancellationToken cancellationToken);

    /// <summary>The preview of a payload: null when none was made yet, empty when there can be none.</summary>
    Task<byte[]?> ReadPreviewAsync(long payloadKey, CancellationToken cancellationToken);

    /// <summary>Keeps a preview, or by an empty one that there can be none. The first one stays, and a payload that is gone gets none.</summary>
    Task SavePreviewAsync(long payloadKey, ReadOnlyMemory<byte> preview, CancellationToken cancellationToken);
}
