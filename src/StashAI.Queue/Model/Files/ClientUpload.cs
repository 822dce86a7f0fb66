namespace StashAI.Queue.Model.Files;

/// <summary>A file that a client sends in parts. When it is complete, it is the <see cref="ClientFile"/> with the same id.</summary>
public sealed record ClientUpload
{
    /// <summary>The public id, which is also that of the file.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name of the API key that began it; null without a key.</summary>
    public required string? Owner { get; init; }

    /// <summary>The name of the file.</summary>
    public required string Name { get; init; }

    /// <summary>What the client keeps the file for.</summary>
    public required string Purpose { get; init; }

    /// <summary>The type that the client says the file has.</summary>
    public required string MimeType { get; init; }

    /// <summary>The bytes of the whole file.</summary>
    public required long Size { get; init; }

    /// <summary>How long the file is kept; null for ever.</summary>
    public required TimeSpan? FileLifetime { get; init; }

    public required ClientUploadState State { get; init; }

    /// <summary>A print of what it was completed with; null for one that is not completed, or was before prints were kept.</summary>
    public string? CompletedWith { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From then on it is gone, and its parts with it; the file stays.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>How far an upload is. The numbers are stored: never renumber.</summary>
public enum ClientUploadState
{
    /// <summary>Parts may come.</summary>
    Pending = 0,

    /// <summary>It is a file.</summary>
    Completed = 1,

    /// <summary>The client cancelled it.</summary>
    Cancelled = 2,
}

/// <summary>An upload to begin.</summary>
/// <param name="Id">The public id.</param>
/// <param name="Owner">The name of the caller's API key; null without a key.</param>
/// <param name="Name">The name of the file.</param>
/// <param name="Purpose">What the client keeps the file for.</param>
/// <param name="MimeType">The type that the client says the file has.</param>
/// <param name="Size">The bytes of the whole file.</param>
/// <param name="FileLifetime">How long the file is kept; null for ever.</param>
/// <param name="Lifetime">After this time the upload is removed.</param>
public sealed record NewClientUpload(
    Guid Id, string? Owner, string Name, string Purpose, string MimeType, long Size, TimeSpan? FileLifetime, TimeSpan Lifetime);

/// <summary>A part of a file.</summary>
/// <param name="Id">The public id.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="PayloadKey">Where the bytes are; null for an empty part.</param>
/// <param name="CreatedAt">When it was complete.</param>
public sealed record UploadPart(Guid Id, long Size, long? PayloadKey, DateTimeOffset CreatedAt);

/// <summary>What became of a part.</summary>
public enum PartOutcome
{
    /// <summary>It is stored.</summary>
    Added,

    /// <summary>The upload takes no parts, or does not exist.</summary>
    NotPending,

    /// <summary>All parts together would have too many bytes.</summary>
    TooLong,

    /// <summary>Its bytes are gone.</summary>
    Lost,
}
