namespace StashAI.Server.Options;

/// <summary>What <c>stashai migrate</c> runs with. Paths are absolute.</summary>
internal sealed record MigrateOptions
{
    public required string DataDirectory { get; init; }

    /// <summary>SQLite file of the queue that is brought to this version's schema.</summary>
    public required string QueueDatabasePath { get; init; }

    /// <summary>The PostgreSQL server that keeps the queue in place of that file; null for the file.</summary>
    public DatabaseServer? DatabaseServer { get; init; }

    public required LogLevel LogLevel { get; init; }
}
