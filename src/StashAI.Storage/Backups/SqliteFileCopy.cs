using Microsoft.Data.Sqlite;
using SQLitePCL;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Backups;

/// <summary>Copies of SQLite files that other processes may be writing.</summary>
public static class SqliteFileCopy
{
    private const int PagesPerStep = 1024;

    /// <summary>
    /// Writes the database as it is at this moment to a new file, and returns when the file is on the disk. Writers go on meanwhile.
    /// </summary>
    /// <param name="source">An existing database.</param>
    /// <param name="target">The file to create; a part of it may be left after an error.</param>
    /// <param name="progress">Is told how many pages are copied, and how many there are.</param>
    /// <param name="cancellationToken">Stops the copy.</param>
    /// <exception cref="SqliteException">The database cannot be read, or the file cannot be written.</exception>
    public static Task TakeAsync(string source, string target, Action<int, int>? progress, CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            using (var from = Open(source))
            using (var to = Open(target, SqliteOpenMode.ReadWriteCreate))
            {
                // The open transaction keeps the snapshot between the steps; without it, each change by others would begin the copy again.
                Run(from, "BEGIN");
                Run(from, "SELECT COUNT(*) FROM sqlite_schema");
                // The file is flushed once, at the end.
                Run(to, "PRAGMA synchronous = OFF");
                Copy(from.Handle!, to.Handle!, progress, cancellationToken);
                Run(from, "ROLLBACK");
            }

            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            using var file = new FileStream(target, FileMode.Open, FileAccess.ReadWrite);
            file.Flush(flushToDisk: true);
        },
        cancellationToken);

    private static void Copy(sqlite3 from, sqlite3 to, Action<int, int>? progress, CancellationToken cancellationToken)
    {
        using var copy = raw.sqlite3_backup_init(to, "main", from, "main");
        SqliteException.ThrowExceptionForRC(copy.IsInvalid ? raw.sqlite3_errcode(to) : raw.SQLITE_OK, to);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var result = raw.sqlite3_backup_step(copy, PagesPerStep);
            if (result == raw.SQLITE_DONE) return;
            SqliteException.ThrowExceptionForRC(result, to);
            var pages = raw.sqlite3_backup_pagecount(copy);
            progress?.Invoke(pages - raw.sqlite3_backup_remaining(copy), pages);
        }
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Opens a database, which is not migrated.</summary>
    internal static SqliteConnection Open(string path, SqliteOpenMode mode = SqliteOpenMode.ReadWrite)
    {
        Batteries_V2.Init();
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ConnectionString);
        try
        {
            connection.Open();
            Run(connection, $"PRAGMA busy_timeout = {SqliteDatabase.BusyMilliseconds}");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
