using Microsoft.Data.Sqlite;
using SQLitePCL;
using StashAI.Queue.Store;

namespace StashAI.Storage.Sqlite.Database;

/// <summary>Explains errors of an open database file to an operator, and how to fix them.</summary>
internal static class SqliteTroubles
{
    public static string FileReplaced(string path) =>
        $"{path} is no longer the file that was opened (removed or replaced while in use), so nothing is written any more: "
        + "put it back, or restart the server.";

    public static string Damaged(string path, string reason) =>
        $"{path} is damaged ({reason.ReplaceLineEndings(" ").TrimEnd('.', ' ')}): stop the server and restore a backup; "
        + "sqlite3's .recover may save newer data.";

    /// <summary>Returns the sentence, or null for an error that did not come from the file.</summary>
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
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH =>
            $"{path} cannot be written any more: make the file, its folder and its disk writable again.",
        raw.SQLITE_CANTOPEN =>
            $"{path} cannot be opened any more: check that the file and its folder exist and that this user may use them.",
        raw.SQLITE_IOERR =>
            $"The disk of {path} fails ({error.Message}): check the system's log, and that the disk is present, writable and not full.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => $"Another program has locked {path}: find out which one has it open.",
        raw.SQLITE_ERROR or raw.SQLITE_CONSTRAINT when StoreTroubles.IsSchemaError(error) =>
            $"{path} does not have the schema of this version ({error.Message}): restore a backup, or start with an empty database.",
        _ => null,
    };
}
