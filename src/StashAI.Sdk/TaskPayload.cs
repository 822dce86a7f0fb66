namespace StashAI.Sdk;

/// <summary>A binary part of a task's input, stored as the decoded bytes.</summary>
public abstract class TaskPayload
{
    /// <summary>The name of this part of the input, for example <c>image</c>.</summary>
    public required string Slot { get; init; }

    /// <summary>
    /// The prefix of the data URL that the client sent (<c>data:image/png;base64,</c>); null when it sent plain base64 or bytes.
    /// </summary>
    public required string? DataUrlPrefix { get; init; }

    /// <summary>The decoded size in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>
    /// Reads the bytes in order, in pieces of at most 1 MB. The length of every piece except the last is a multiple of 3, so that each can
    /// be encoded as base64 on its own. A piece is valid until the next one is requested.
    /// </summary>
    public abstract IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellationToken);
}
