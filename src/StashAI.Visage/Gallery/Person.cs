namespace StashAI.Visage.Gallery;

/// <summary>A person of the gallery. <see cref="Key"/> is the internal row key; <see cref="Id"/> is the public id (UUIDv7).</summary>
internal sealed record Person(
    long Key, Guid Id, string Name, string? Country, string? Image, string? PerformerUrl, DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);
