using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using StashAI.Storage.Payloads.Objects;
using StashAI.Storage.Payloads.Segments;

namespace StashAI.Storage.Sqlite.Database;

/// <summary>Settings of the SQLite store.</summary>
public sealed record SqliteSettings
{
    /// <summary>The path of the database file. Its folder is created if missing.</summary>
    public required string Path { get; init; }

    /// <summary>The source of all times in the database.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The number of connections for reading.</summary>
    public int Readers { get; init; } = 4;

    /// <summary>True when large parts of new uploads go to files. Parts that are in rows, or in files, are read anyway.</summary>
    public bool UsesPayloadFiles { get; init; } = true;

    /// <summary>A folder for these files, which several queues may share; null for the folder PATH-payloads.</summary>
    public string? PayloadFolder { get; init; }

    /// <summary>Objects for large parts of new uploads, instead of files; null for none. Parts that are in files are read anyway.</summary>
    public S3Settings? PayloadBucket { get; init; }

    /// <summary>Replaces the place of new segments in tests.</summary>
    internal ISegmentPlace? PayloadPlace { get; init; }

    /// <summary>The size in bytes above which the writer truncates the write-ahead log.</summary>
    public long WalLimit { get; init; } = 256L * 1024 * 1024;

    /// <summary>Logs migrations and copies.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}
