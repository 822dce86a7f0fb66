using StashAI.Queue.Model.Tasks;

namespace StashAI.Storage.Payloads;

/// <summary>What a database knows of payloads.</summary>
internal interface IPayloadRows
{
    /// <summary>Where a payload is; null when its bytes are in rows, or when it is unknown.</summary>
    Task<PayloadPlace?> FindPlaceAsync(long payloadKey, CancellationToken cancellationToken);

    /// <summary>Reads a row of a payload whose bytes are in the database; null past the end.</summary>
    Task<int?> ReadRowAsync(long payloadKey, int sequence, Memory<byte> destination, CancellationToken cancellationToken);

    /// <summary>Payloads in segments of one place that no task names any more, and whose upload is over.</summary>
    /// <param name="limit">The most of them.</param>
    /// <param name="extension">The end of the names of the place's segments.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    Task<IReadOnlyList<UnreferencedPayload>> FindUnreferencedAsync(int limit, string extension, CancellationToken cancellationToken);

    /// <summary>Removes their rows; returns how many.</summary>
    Task<int> RemovePayloadsAsync(IReadOnlyList<UnreferencedPayload> payloads, CancellationToken cancellationToken);

    /// <summary>Segments of one place in which no payload is left, and whose upload is over.</summary>
    /// <inheritdoc cref="FindUnreferencedAsync" path="/param"/>
    Task<IReadOnlyList<(long Key, string File)>> FindEmptySegmentsAsync(int limit, string extension, CancellationToken cancellationToken);

    /// <summary>Removes the rows of such segments; returns how many.</summary>
    Task<int> RemoveSegmentsAsync(IReadOnlyList<long> keys, CancellationToken cancellationToken);

    /// <summary>The nodes that were not rescued. When one of them is gone, its uploads may have left segments behind.</summary>
    Task<IReadOnlyList<long>> ListNodesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Of these segments, those without a row whose node can commit no upload any more: it was rescued (which is checked by each commit),
    /// or this database never knew it.
    /// </summary>
    Task<IReadOnlyList<string>> FindOrphansAsync(
        IReadOnlyList<(string File, long NodeKey)> files, CancellationToken cancellationToken);
}

/// <summary>A payload in a segment that no task names any more.</summary>
/// <param name="Key">The payload's key.</param>
/// <param name="Segment">The key of the segment.</param>
/// <param name="File">The name of the segment.</param>
/// <param name="Offset">Where its bytes begin.</param>
/// <param name="Size">How many there are.</param>
/// <param name="InFile">How many payloads the segment has.</param>
internal sealed record UnreferencedPayload(long Key, long Segment, string File, long Offset, long Size, long InFile);
