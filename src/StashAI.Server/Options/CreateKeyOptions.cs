using StashAI.Queue.Model.Access;

namespace StashAI.Server.Options;

/// <summary>The options of <c>stashai keys create</c>. Paths are absolute.</summary>
internal sealed record CreateKeyOptions
{
    /// <summary>The SQLite file of the queue, which also stores the keys.</summary>
    public required string QueueDatabasePath { get; init; }

    /// <summary>The PostgreSQL server of the queue; null for the SQLite file.</summary>
    public DatabaseServer? DatabaseServer { get; init; }

    /// <summary>A name for people; no other key has or had it.</summary>
    public required string Name { get; init; }

    public required ApiScope Scope { get; init; }

    /// <summary>When it stops being valid; null for never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    public required LogLevel LogLevel { get; init; }
}
