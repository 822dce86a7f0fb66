namespace StashAI.Server.Options;

/// <summary>The options of <c>stashai keys revoke</c>. Paths are absolute.</summary>
internal sealed record RevokeKeyOptions
{
    /// <inheritdoc cref="CreateKeyOptions.QueueDatabasePath"/>
    public required string QueueDatabasePath { get; init; }

    /// <summary>The PostgreSQL server of the queue; null for the SQLite file.</summary>
    public DatabaseServer? DatabaseServer { get; init; }

    /// <summary>The key's name or prefix.</summary>
    public required string Key { get; init; }

    public required LogLevel LogLevel { get; init; }
}
