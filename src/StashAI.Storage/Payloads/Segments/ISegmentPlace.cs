using StashAI.Queue.Store;

namespace StashAI.Storage.Payloads.Segments;

/// <summary>
/// Where segments are kept, which hold the large parts of uploads: a folder of files, or objects of a bucket. Bytes of a segment are only
/// appended, by one upload, and do not change after its commit.
/// </summary>
internal interface ISegmentPlace
{
    /// <summary>Its name for people: the path of the folder, or the address of the bucket without any secret.</summary>
    string Name { get; }

    /// <summary>The end of the names of its segments, such as <c>.seg</c>. By it the rows tell which place a segment is in.</summary>
    string Extension { get; }

    /// <summary>A segment of so many bytes gets no further payload.</summary>
    long RollSize { get; }

    /// <summary>The name of a segment for people: its path, or its address.</summary>
    string PathOf(string segment);

    /// <summary>Begins a segment.</summary>
    /// <exception cref="PayloadFileException">The place cannot be written to.</exception>
    Task<ISegmentSink> CreateAsync(string segment);

    /// <summary>Returns when the names of new segments are as durable as their bytes.</summary>
    /// <exception cref="PayloadFileException">The place cannot be written to.</exception>
    Task FlushNamesAsync();

    /// <summary>Opens a segment for reading. That it is missing is said here, or by the first reading.</summary>
    /// <exception cref="PayloadLostException">It is missing.</exception>
    /// <exception cref="PayloadFileException">It cannot be read for now.</exception>
    ISegmentSource Open(string segment);

    /// <summary>Gives the room of some bytes back where the place can; the rest of the segment stays as it is.</summary>
    Task FreeAsync(string segment, long offset, long length);

    /// <summary>Removes a segment; a missing one is fine.</summary>
    /// <param name="segment">Its name.</param>
    /// <param name="isBroken">True when its upload broke, so that it may be there in part.</param>
    Task DeleteAsync(string segment, bool isBroken);

    /// <summary>The names of all segments, also of those that are there in part.</summary>
    Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken);

    /// <summary>For a removal: held while segments are removed; null while a backup keeps them.</summary>
    /// <exception cref="IOException">It is not known whether a backup keeps them.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not known whether a backup keeps them.</exception>
    IDisposable? TryShareRemoval();
}

/// <summary>A segment that an upload writes. After an error nothing is known of its bytes, and the upload cannot be committed.</summary>
internal interface ISegmentSink : IDisposable
{
    /// <summary>True when it is complete: further bytes go to another segment.</summary>
    bool IsComplete { get; }

    /// <summary>Appends bytes, which have been read when the call returns.</summary>
    /// <exception cref="PayloadFileException">They cannot be written.</exception>
    /// <exception cref="UploadLostException">The segment was removed: the node of the upload was taken for dead.</exception>
    ValueTask AppendAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>Returns when all its bytes survive the end of any process and machine.</summary>
    /// <exception cref="PayloadFileException">They cannot be written.</exception>
    /// <exception cref="UploadLostException">The segment was removed: the node of the upload was taken for dead.</exception>
    Task FlushAsync();

    /// <summary>Removes what was written of it.</summary>
    /// <exception cref="PayloadFileException">It cannot be removed for now.</exception>
    Task DiscardAsync();
}

/// <summary>A segment that is open for reading.</summary>
internal interface ISegmentSource : IDisposable
{
    /// <summary>Reads bytes from an offset; returns how many, at least one unless the segment ends there.</summary>
    /// <exception cref="PayloadLostException">The segment is missing.</exception>
    /// <exception cref="PayloadFileException">It cannot be read for now.</exception>
    ValueTask<int> ReadAsync(Memory<byte> destination, long offset, CancellationToken cancellationToken);
}
