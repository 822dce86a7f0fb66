using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace StashAI.Storage.Postgres.Database;

/// <summary>How the PostgreSQL store is opened.</summary>
public sealed record PostgresSettings
{
    /// <summary>The database: `postgres://user:password@host:port/database?sslmode=...`.</summary>
    public required string Url { get; init; }

    /// <summary>Replaces the server's clock, for tests; null for the server's, which then decides every lease (S11).</summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>The most connections that this process opens, except the one that renews its lease.</summary>
    public int MaxConnections { get; init; } = 16;

    /// <summary>Hears of migrations and copies at the opening.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
