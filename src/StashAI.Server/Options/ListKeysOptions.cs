namespace StashAI.Server.Options;

/// <summary>The options of <c>stashai keys list</c>. Paths are absolute.</summary>
internal sealed record ListKeysOptions
{
    /// <inheritdoc cref="CreateKeyOptions.QueueDatabasePath"/>
    public required string QueueDatabasePath { get; init; }

    /// <summary>The PostgreSQL server of the queue; null for the SQLite file.</summary>
    public DatabaseServer? DatabaseServer { get; init; }

    public required LogLevel LogLevel { get; init; }
}
