using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace StashAI.Storage.Sqlite.Database;

/// <summary>Opens connections to one database file, all with the same settings.</summary>
internal sealed class SqliteDatabase
{
    // Older versions can lose a write-ahead log that several connections use (https://sqlite.org/wal.html, "The WAL-Reset Bug").
    private static readonly Version OldestVersion = new(3, 51, 3);

    /// <summary>
    /// Nothing asks how much memory SQLite has, so it need not lock to count it, several times a call. It has no effect in a process that
    /// has opened a connection before.
    /// </summary>
    private static readonly int Uncounted = LeaveUncounted();

    private readonly SqliteSettings settings;

    /// <summary>How long a connection waits for another process's write transaction.</summary>
    public const int BusyMilliseconds = 10_000;

    public SqliteDatabase(SqliteSettings settings)
    {
        _ = Uncounted;
        var version = Version.Parse(SQLitePCL.raw.sqlite3_libversion().utf8_to_string());
        if (version < OldestVersion)
        {
            throw new NotSupportedException(
                $"SQLite {version} can lose data when several connections write; version {OldestVersion} or newer is needed.");
        }

        this.settings = settings;
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(settings.Path))!);
    }

    public string Path => settings.Path;

    public TimeProvider Clock => settings.Clock;

    public ILogger Logger => settings.Logger;

    /// <summary>
    /// Opens a connection for writing. Every commit is durable, and it never runs a checkpoint by itself. What is freed inside a page that
    /// is written anyway is overwritten; SqliteScrub overwrites the rest when somebody has a right to it.
    /// </summary>
    public SqliteSession OpenWriter() => Open(SqliteOpenMode.ReadWriteCreate, """
        PRAGMA busy_timeout = 10000;
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        PRAGMA wal_autocheckpoint = 0;
        PRAGMA journal_size_limit = 67108864;
        PRAGMA cache_size = -16384;
        PRAGMA temp_store = MEMORY;
        PRAGMA secure_delete = FAST;
        """);

    /// <summary>Opens a connection for reading.</summary>
    public SqliteSession OpenReader() => Open(SqliteOpenMode.ReadWrite, """
        PRAGMA query_only = ON;
        PRAGMA cache_size = -8192;
        PRAGMA temp_store = MEMORY;
        PRAGMA busy_timeout = 10000;
        """);

    private static int LeaveUncounted()
    {
        SQLitePCL.Batteries_V2.Init();
        return SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    private SqliteSession Open(SqliteOpenMode mode, string pragmas)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = settings.Path,
            Mode = mode,
            Pooling = false,
        }.ConnectionString);
        try
        {
            connection.Open();
            connection.CreateFunction("stashai_now", () => settings.Clock.GetUtcNow().ToUnixTimeMilliseconds());
            using var command = connection.CreateCommand();
            command.CommandText = pragmas;
            command.ExecuteNonQuery();
            return new SqliteSession(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
