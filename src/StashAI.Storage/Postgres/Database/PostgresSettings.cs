using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StashAI.Storage.Payloads.Objects;
using StashAI.Storage.Payloads.Segments;

namespace StashAI.Storage.Postgres.Database;

/// <summary>Settings of the PostgreSQL store.</summary>
public sealed record PostgresSettings
{
    /// <summary>The database URL: <c>postgres://user:password@host:port/database?sslmode=...</c>.</summary>
    public required string Url { get; init; }

    /// <summary>Replaces the server's clock in tests; null for the server's clock, which decides about leases (S11).</summary>
    public TimeProvider? Clock { get; init; }

    /// <summary>The most connections that this process opens, except the one that renews its lease.</summary>
    public int MaxConnections { get; init; } = 16;

    /// <summary>
    /// A folder for large parts of uploads, which all processes on the database have; null to keep them in the database.
    /// </summary>
    public string? PayloadFolder { get; init; }

    /// <summary>Objects for large parts of uploads; null for none.</summary>
    public S3Settings? PayloadBucket { get; init; }

    /// <summary>Replaces the place of segments in tests.</summary>
    internal ISegmentPlace? PayloadPlace { get; init; }

    /// <summary>Logs migrations and copies.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
