namespace StashAI.Visage.Gallery.Sqlite;

/// <summary>A person as SQLite stores it: times in Unix milliseconds, the id as text.</summary>
internal sealed class SqlitePersonRow
{
    public const string Columns = "key, id, name, country, image, performer_url AS PerformerUrl, "
        + "created_at AS CreatedAt, updated_at AS UpdatedAt";

    public long Key { get; init; }

    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    public string NameKey => Gallery.NameKey.Of(Name);

    public string? Country { get; init; }

    public string? Image { get; init; }

    public string? PerformerUrl { get; init; }

    public long CreatedAt { get; init; }

    public long UpdatedAt { get; init; }

    public static SqlitePersonRow Of(Person person) => new()
    {
        Key = person.Key,
        Id = person.Id.ToString(),
        Name = person.Name,
        Country = person.Country,
        Image = person.Image,
        PerformerUrl = person.PerformerUrl,
        CreatedAt = person.CreatedAt.ToUnixTimeMilliseconds(),
        UpdatedAt = person.UpdatedAt.ToUnixTimeMilliseconds(),
    };

    public Person ToPerson() => new(
        Key, Guid.Parse(Id), Name, Country, Image, PerformerUrl,
        DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt), DateTimeOffset.FromUnixTimeMilliseconds(UpdatedAt));
}
