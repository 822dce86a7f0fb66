using Microsoft.Data.Sqlite;
using SQLitePCL;
using StashAI.Queue.Store;

namespace StashAI.Storage.Sqlite.Database;

/// <summary>What errors of a file that is open mean to an operator, and what to do about them.</summary>
internal static class SqliteTroubles
{
    public static string Gone(string path) =>
        $"{path} is no longer the file that was opened (removed or replaced while it was in use), so that nothing is written any more: put it back, or restart the server.";

    public static string Damaged(string path, string reason) =>
        $"{path} is damaged ({reason.ReplaceLineEndings(" ").TrimEnd('.', ' ')}): stop the server and put a backup in its place; sqlite3's .recover may save what is newer.";

    /// <summary>The sentence, or null for an error that did not come from the file.</summary>
    public static string? Explain(Exception error, string path) => error switch
    {
        StoreTroubleException known => known.Message,
        SqliteException sqlite => Explain(sqlite, path),
        _ => null,
    };

    private static string? Explain(SqliteException error, string path) => error.SqliteErrorCode switch
    {
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => Damaged(path, error.Message),
        raw.SQLITE_FULL => $"The disk of {path} is full: free some space.",
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => $"{path} cannot be written any more: make the file, its folder and its disk writable again.",
        raw.SQLITE_CANTOPEN => $"{path} cannot be opened any more: see that the file and its folder are there and may be used by this user.",
        raw.SQLITE_IOERR => $"The disk of {path} fails ({error.Message}): see the system's log, and that the disk is there, writable and has room.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"Another program holds {path}: see what has it open.",
        raw.SQLITE_ERROR or raw.SQLITE_CONSTRAINT when StoreTroubles.IsSchemaError(error) =>
            $"{path} does not have the schema of this version ({error.Message}): restore a backup, or start with an empty database.",
        _ => null,
    };
}
