using StashAI.Queue.Model.Access;

namespace StashAI.Server.Options;

/// <summary>What <c>stashai keys create</c> runs with. Paths are absolute.</summary>
internal sealed record CreateKeyOptions
{
    /// <summary>SQLite file of the queue, which keeps the keys too.</summary>
    public required string QueueDatabasePath { get; init; }

    /// <summary>The PostgreSQL server that keeps the queue in place of that file; null for the file.</summary>
    public DatabaseServer? DatabaseServer { get; init; }

    /// <summary>For people; unique among the keys that hold.</summary>
    public required string Name { get; init; }

    public required ApiScope Scope { get; init; }

    public required LogLevel LogLevel { get; init; }
}
