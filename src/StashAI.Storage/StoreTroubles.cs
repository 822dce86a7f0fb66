using Microsoft.Data.Sqlite;
using Npgsql;
using SQLitePCL;

namespace StashAI.Storage;

/// <summary>Reads <see cref="StoreTrouble"/> from the errors of both databases.</summary>
public static class StoreTroubles
{
    /// <summary>The write-ahead log's index could not grow: what a full disk says first.</summary>
    private const int IndexCannotGrow = raw.SQLITE_IOERR | (19 << 8);

    /// <summary>What an error of a store says of its database.</summary>
    public static StoreTrouble Of(Exception error) => error switch
    {
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
        _ => StoreTrouble.None,
    };

    // 08 connection, 25006 standby, 40 deadlock, 53 resources, 55P03 lock not available, 57 shut down or cancelled, 58 system, 3D000 dropped.
    private static StoreTrouble Of(string state) => state switch
    {
        PostgresErrorCodes.DiskFull => StoreTrouble.DiskFull,
        PostgresErrorCodes.ReadOnlySqlTransaction or PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.InvalidCatalogName => StoreTrouble.Unavailable,
        _ => state[..2] is "08" or "40" or "53" or "57" or "58" ? StoreTrouble.Unavailable : StoreTrouble.None,
    };
}
