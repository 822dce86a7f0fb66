using Microsoft.Data.Sqlite;
using SQLitePCL;
using StashAI.Queue.Store;

namespace StashAI.Storage.Sqlite.Database;

/// <summary>Says in one sentence why a file cannot be opened, and what to do about it.</summary>
internal static class SqliteStartErrors
{
    /// <summary>The sentence, or null for an error that did not come from the file.</summary>
    public static StoreOpenException? From(Exception error, string path)
    {
        var reason = error.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
        return error switch
        {
            StoreOpenException known => known,
            StoreTroubleException trouble => new(trouble.Message, true, trouble),
            SqliteException { SqliteErrorCode: raw.SQLITE_FULL } => Full(path, error),
            SqliteException { SqliteErrorCode: raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN } or IOException when HasNoRoom(path) => Full(path, error),
            SqliteException { SqliteErrorCode: raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_PERM } or UnauthorizedAccessException or IOException => new(
                $"{path} cannot be written: {reason}. Give this user the right to write the file and its folder, or keep the queue elsewhere (--data or QUEUE_DB_PATH).",
                true,
                error),
            SqliteException { SqliteErrorCode: raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT } => new(
                $"{path} is damaged or no SQLite database: {reason}. Put a backup in its place, or name another file with QUEUE_DB_PATH.", true, error),
            SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED } => new(
                $"{path} is held by another process: {reason}. See what has it open, and try again.", false, error),
            _ => null,
        };
    }

    private static StoreOpenException Full(string path, Exception error) =>
        new($"There is no room left on the disk of {path}: free some, and start again.", false, error);

    private static bool HasNoRoom(string path)
    {
        try
        {
            return new DriveInfo(Path.GetDirectoryName(Path.GetFullPath(path))!).AvailableFreeSpace < 1024 * 1024;
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
