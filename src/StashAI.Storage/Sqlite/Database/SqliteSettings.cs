using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace StashAI.Storage.Sqlite.Database;

/// <summary>How the SQLite store is opened.</summary>
public sealed record SqliteSettings
{
    /// <summary>The database file. Its folder is made when it is missing.</summary>
    public required string Path { get; init; }

    /// <summary>Where every time in the database comes from.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How many connections read at once.</summary>
    public int Readers { get; init; } = 4;

    /// <summary>Above this size in bytes the writer shortens the write-ahead log.</summary>
    public long WalLimit { get; init; } = 256L * 1024 * 1024;

    /// <summary>Hears of migrations and copies at the opening.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
