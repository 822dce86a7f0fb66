namespace StashAI.Sdk;

/// <summary>A binary part of a task's input, stored as the decoded bytes.</summary>
public abstract class TaskPayload
{
    /// <summary>Which part of the input this is, for example `image`.</summary>
    public required string Slot { get; init; }

    /// <summary>The data-URL prefix that the client sent (`data:image/png;base64,`), or null.</summary>
    public required string? DataUrlPrefix { get; init; }

    /// <summary>Size in bytes, decoded.</summary>
    public required long Size { get; init; }

    /// <summary>
    /// The bytes in order, in pieces of at most 1 MB whose length is a multiple of 3 except for the last
    /// (so that each can be written as base64 by itself). A piece is valid until the next is asked for.
    /// </summary>
    public abstract IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken);
}
