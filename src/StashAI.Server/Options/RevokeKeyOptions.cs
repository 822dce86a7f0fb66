namespace StashAI.Server.Options;

/// <summary>What <c>stashai keys revoke</c> runs with. Paths are absolute.</summary>
internal sealed record RevokeKeyOptions
{
    /// <inheritdoc cref="CreateKeyOptions.QueueDatabasePath"/>
    public required string QueueDatabasePath { get; init; }

    /// <summary>The PostgreSQL server that keeps the queue in place of that file; null for the file.</summary>
    public DatabaseServer? DatabaseServer { get; init; }

    /// <summary>The key's name or prefix.</summary>
    public required string Key { get; init; }

    public required LogLevel LogLevel { get; init; }
}
