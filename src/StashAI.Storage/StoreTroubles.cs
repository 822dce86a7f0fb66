using Microsoft.Data.Sqlite;
using Npgsql;
using SQLitePCL;
using StashAI.Queue.Store;

namespace StashAI.Storage;

/// <summary>Maps the errors of both databases to <see cref="StoreTrouble"/>.</summary>
public static class StoreTroubles
{
    /// <summary>The write-ahead log's index could not grow: the first error on a full disk.</summary>
    private const int IndexCannotGrow = raw.SQLITE_IOERR | (19 << 8);

    /// <summary>
    /// Violations of constraints that this program does not define, so they were added by hand. Key constraints are not included.
    /// </summary>
    private const int NotNull = raw.SQLITE_CONSTRAINT | (5 << 8);
    private const int Check = raw.SQLITE_CONSTRAINT | (1 << 8);
    private const int Trigger = raw.SQLITE_CONSTRAINT | (7 << 8);
    private const int DataType = raw.SQLITE_CONSTRAINT | (12 << 8);

    /// <summary>What an error of a store says about its database.</summary>
    public static StoreTrouble Of(Exception error) => error switch
    {
        StoreTroubleException trouble => trouble.IsDamaged ? StoreTrouble.Damaged : StoreTrouble.Unavailable,
        SqliteException sqlite => Of(sqlite),
        PostgresException answer => Of(answer.SqlState),
        NpgsqlException => StoreTrouble.Unavailable,
        PayloadFileException files => files.IsDiskFull ? StoreTrouble.DiskFull : StoreTrouble.Unavailable,
        _ => StoreTrouble.None,
    };

    private static StoreTrouble Of(SqliteException error) => error switch
    {
        { SqliteErrorCode: raw.SQLITE_FULL } or { SqliteExtendedErrorCode: IndexCannotGrow } => StoreTrouble.DiskFull,
        {
            SqliteErrorCode: raw.SQLITE_IOERR or raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_BUSY or raw.SQLITE_LOCKED
                or raw.SQLITE_NOMEM
        } =>
            StoreTrouble.Unavailable,
        { SqliteErrorCode: raw.SQLITE_PERM or raw.SQLITE_AUTH or raw.SQLITE_PROTOCOL or raw.SQLITE_NOLFS } => StoreTrouble.Unavailable,
        { SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB or raw.SQLITE_SCHEMA or raw.SQLITE_FORMAT } => StoreTrouble.Damaged,
        _ => IsSchemaError(error) ? StoreTrouble.Damaged : StoreTrouble.None,
    };

    /// <summary>True when a table or column is missing, or a foreign constraint is violated: no request can cause that.</summary>
    internal static bool IsSchemaError(SqliteException error) =>
        error.SqliteExtendedErrorCode is NotNull or Check or Trigger or DataType
        || (error.SqliteErrorCode == raw.SQLITE_ERROR && IsMissing(error));

    private static bool IsMissing(SqliteException error) =>
        error.Message.Contains("no such table", StringComparison.Ordinal)
        || error.Message.Contains("no such column", StringComparison.Ordinal)
        || error.Message.Contains("has no column", StringComparison.Ordinal)
        || error.Message.Contains("no such index", StringComparison.Ordinal)
        || error.Message.Contains("malformed", StringComparison.Ordinal);

    // 08 connection, 25006 standby, 40 deadlock, 53 resources, 55P03 lock not available, 57 shut down or cancelled, 58 system, 3D000
    // dropped.
    private static StoreTrouble Of(string state) => state switch
    {
        PostgresErrorCodes.DiskFull => StoreTrouble.DiskFull,
        PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.InvalidCatalogName =>
            StoreTrouble.Unavailable,
        PostgresErrorCodes.InsufficientPrivilege => StoreTrouble.Unavailable,
        PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => StoreTrouble.Damaged,
        PostgresErrorCodes.NotNullViolation or PostgresErrorCodes.CheckViolation => StoreTrouble.Damaged,
        _ => state[..2] switch
        {
            "08" or "28" or "40" or "53" or "57" or "58" => StoreTrouble.Unavailable,
            // Names, types and keys that do not fit this program's statements, and errors raised by foreign triggers.
            "3F" or "42" or "P0" => StoreTrouble.Damaged,
            _ => StoreTrouble.None,
        },
    };
}
