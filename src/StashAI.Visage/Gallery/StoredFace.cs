namespace StashAI.Visage.Gallery;

/// <summary>A face that is in the gallery.</summary>
internal sealed record StoredFace(long Key, Guid Id, double Quality, DateTimeOffset CreatedAt);
