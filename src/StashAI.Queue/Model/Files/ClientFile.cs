namespace StashAI.Queue.Model.Files;

/// <summary>A file that a client keeps on the server, such as the lines of a batch. Its bytes are a payload.</summary>
public sealed record ClientFile
{
    /// <summary>The public id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name of the API key that uploaded it; null without a key.</summary>
    public required string? Owner { get; init; }

    /// <summary>The name that the client gave.</summary>
    public required string Name { get; init; }

    /// <summary>What the client keeps it for.</summary>
    public required string Purpose { get; init; }

    /// <summary>Its bytes.</summary>
    public required long Size { get; init; }

    /// <summary>Where the bytes are; null for an empty file.</summary>
    public required long? PayloadKey { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From then on it is gone; null for never.</summary>
    public required DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A file to keep.</summary>
/// <param name="Id">The public id.</param>
/// <param name="Name">The name that the client gave.</param>
/// <param name="Purpose">What the client keeps it for.</param>
/// <param name="Lifetime">After this time it is removed; null for never.</param>
public sealed record NewClientFile(Guid Id, string Name, string Purpose, TimeSpan? Lifetime);

/// <summary>How much a caller keeps.</summary>
/// <param name="Files">The number of files.</param>
/// <param name="Bytes">Their bytes together.</param>
public readonly record struct ClientFileUsage(long Files, long Bytes);

/// <summary>Which files a page has.</summary>
public sealed record ClientFileQuery
{
    /// <summary>Only those of this purpose; null for all.</summary>
    public string? Purpose { get; init; }

    /// <summary>Those behind this one; null for the first page.</summary>
    public Guid? After { get; init; }

    /// <summary>True for the oldest first.</summary>
    public bool OldestFirst { get; init; }

    /// <summary>The most files.</summary>
    public required int Limit { get; init; }
}
