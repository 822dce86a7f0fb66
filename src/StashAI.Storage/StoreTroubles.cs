using Microsoft.Data.Sqlite;
using Npgsql;
using SQLitePCL;
using StashAI.Queue.Store;

namespace StashAI.Storage;

/// <summary>Reads <see cref="StoreTrouble"/> from the errors of both databases.</summary>
public static class StoreTroubles
{
    /// <summary>The write-ahead log's index could not grow: what a full disk says first.</summary>
    private const int IndexCannotGrow = raw.SQLITE_IOERR | (19 << 8);

    /// <summary>What an error of a store says of its database.</summary>
    public static StoreTrouble Of(Exception error) => error switch
    {
        StoreTroubleException trouble => trouble.IsDamaged ? StoreTrouble.Damaged : StoreTrouble.Unavailable,
        SqliteException sqlite => Of(sqlite),
        PostgresException answer => Of(answer.SqlState),
        NpgsqlException => StoreTrouble.Unavailable,
        _ => StoreTrouble.None,
    };

    private static StoreTrouble Of(SqliteException error) => error switch
    {
        { SqliteErrorCode: raw.SQLITE_FULL } or { SqliteExtendedErrorCode: IndexCannotGrow } => StoreTrouble.DiskFull,
        { SqliteErrorCode: raw.SQLITE_IOERR or raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_NOMEM } =>
            StoreTrouble.Unavailable,
        { SqliteErrorCode: raw.SQLITE_PERM or raw.SQLITE_AUTH or raw.SQLITE_PROTOCOL or raw.SQLITE_NOLFS } => StoreTrouble.Unavailable,
        { SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_SCHEMA or raw.SQLITE_FORMAT } => StoreTrouble.Damaged,
        _ => IsSchemaError(error) ? StoreTrouble.Damaged : StoreTrouble.None,
    };

    /// <summary>True when a table or a column is not there, which no request can cause.</summary>
    internal static bool IsSchemaError(SqliteException error) =>
        error.SqliteErrorCode == raw.SQLITE_ERROR
        && (error.Message.Contains("no such table", StringComparison.Ordinal) || error.Message.Contains("no such column", StringComparison.Ordinal)
            || error.Message.Contains("has no column", StringComparison.Ordinal) || error.Message.Contains("no such index", StringComparison.Ordinal)
            || error.Message.Contains("malformed", StringComparison.Ordinal));

    // 08 connection, 25006 standby, 40 deadlock, 53 resources, 55P03 lock not available, 57 shut down or cancelled, 58 system, 3D000 dropped.
    private static StoreTrouble Of(string state) => state switch
    {
        PostgresErrorCodes.DiskFull => StoreTrouble.DiskFull,
        PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.InvalidCatalogName => StoreTrouble.Unavailable,
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn
            or PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.InvalidSchemaName => StoreTrouble.Damaged,
        PostgresErrorCodes.InsufficientPrivilege => StoreTrouble.Unavailable,
        _ => state[..2] is "28" or "08" or "40" or "53" or "57" or "58" ? StoreTrouble.Unavailable : StoreTrouble.None,
    };
}
