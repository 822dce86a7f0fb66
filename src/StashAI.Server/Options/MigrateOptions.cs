namespace StashAI.Server.Options;

/// <summary>The options of <c>stashai migrate</c>. Paths are absolute.</summary>
internal sealed record MigrateOptions
{
    public required string DataDirectory { get; init; }

    /// <summary>The SQLite file of the queue to migrate.</summary>
    public required string QueueDatabasePath { get; init; }

    /// <summary>The PostgreSQL server of the queue; null for the SQLite file.</summary>
    public DatabaseServer? DatabaseServer { get; init; }

    public required LogLevel LogLevel { get; init; }
}
