namespace StashAI.Visage.Gallery;

/// <summary>A person of the gallery. <see cref="Key"/> is the row, <see cref="Id"/> what clients see (UUIDv7).</summary>
internal sealed record Person(
    long Key, Guid Id, string Name, string? Country, string? Image, string? PerformerUrl, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    /// <summary>Names are one when they differ only in case or outer blanks.</summary>
    public static string KeyOfName(string name) => name.Trim().ToUpperInvariant();
}
