namespace StashAI.Queue.Model.Uploads;

/// <summary>A request body that arrives in chunks, and becomes a job when it is committed.</summary>
public sealed record BodyUpload
{
    /// <summary>The public id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name of the API key that it was made with; null without a key.</summary>
    public required string? Owner { get; init; }

    /// <summary>What the body is and where it goes, as JSON.</summary>
    public required string Declaration { get; init; }

    /// <summary>The bytes of the whole body; null if not known.</summary>
    public required long? Size { get; init; }

    /// <summary>The SHA-256 of the whole body; empty if not known.</summary>
    public ReadOnlyMemory<byte> Sha256 { get; init; }

    /// <summary>Where the bytes are; null before the first chunk and after the commit.</summary>
    public long? PayloadKey { get; init; }

    /// <summary>The bytes that are stored, from the beginning and without gaps.</summary>
    public long Received { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the last chunk came, or the commit.</summary>
    public DateTimeOffset TouchedAt { get; init; }

    /// <summary>The job that it became; null before the commit.</summary>
    public Guid? JobId { get; init; }
}
