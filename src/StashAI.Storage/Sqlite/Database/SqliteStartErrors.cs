using Microsoft.Data.Sqlite;
using SQLitePCL;
using StashAI.Queue.Store;

namespace StashAI.Storage.Sqlite.Database;

/// <summary>Explains in one sentence why a file cannot be opened and how to fix it.</summary>
internal static class SqliteStartErrors
{
    /// <summary>Returns the sentence, or null for an error that did not come from the file.</summary>
    public static StoreOpenException? From(Exception error, string path)
    {
        var reason = error.Message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
        return error switch
        {
            StoreOpenException known => known,
            StoreTroubleException trouble => new(trouble.Message, true, trouble),
            SqliteException { SqliteErrorCode: raw.SQLITE_FULL } => Full(path, error),
            SqliteException { SqliteErrorCode: raw.SQLITE_IOERR or raw.SQLITE_CANTOPEN } or IOException when HasNoRoom(path) =>
                Full(path, error),
            SqliteException { SqliteErrorCode: raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_PERM }
            or UnauthorizedAccessException or IOException =>
                new(
                    $"{path} cannot be written: {reason}. Allow this user to write the file and its folder, "
                    + "or keep the queue elsewhere (--data or QUEUE_DB_PATH).",
                    true,
                    error),
            SqliteException { SqliteErrorCode: raw.SQLITE_NOTADB or raw.SQLITE_CORRUPT } => new(
                $"{path} is damaged or not a SQLite database: {reason}. Restore a backup, or name another file with QUEUE_DB_PATH.",
                true,
                error),
            SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED } => new(
                $"{path} is locked by another process: {reason}. Find out which one has it open, and try again.", false, error),
            _ => null,
        };
    }

    private static StoreOpenException Full(string path, Exception error) =>
        new($"The disk of {path} is full: free some space, and start again.", false, error);

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
