namespace StashAI.Queue.Model.Uploads;

/// <summary>A body to receive in chunks.</summary>
/// <param name="Id">The public id.</param>
/// <param name="Owner">The name of the caller's API key; null without a key.</param>
/// <param name="Key">The caller's idempotency key; null for none.</param>
/// <param name="Declaration">What the body is and where it goes, as JSON.</param>
/// <param name="Size">The bytes of the whole body; null if not known.</param>
/// <param name="Sha256">The SHA-256 of the whole body; empty if not known.</param>
public sealed record NewBodyUpload(
    Guid Id, string? Owner, string? Key, string Declaration, long? Size, ReadOnlyMemory<byte> Sha256);
