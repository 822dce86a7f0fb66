using System.Diagnostics;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using SQLitePCL;

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

    /// <summary>
    /// How long the settings of a connection are tried. SQLite gives up at once when another process switches to the write-ahead log at the
    /// same moment.
    /// </summary>
    private static readonly TimeSpan OpenTimeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan OpenPause = TimeSpan.FromMilliseconds(150);

    private readonly SqliteSettings settings;

    /// <summary>How long a connection waits for another process's write transaction.</summary>
    public const int BusyMilliseconds = 10_000;

    public SqliteDatabase(SqliteSettings settings)
    {
        _ = Uncounted;
        var version = Version.Parse(raw.sqlite3_libversion().utf8_to_string());
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
    public SqliteSession OpenWriter() => Open(raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE, """
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
    public SqliteSession OpenReader() => Open(raw.SQLITE_OPEN_READWRITE, """
        PRAGMA query_only = ON;
        PRAGMA cache_size = -8192;
        PRAGMA temp_store = MEMORY;
        PRAGMA busy_timeout = 10000;
        """);

    private static int LeaveUncounted()
    {
        Batteries_V2.Init();
        return raw.sqlite3_config(raw.SQLITE_CONFIG_MEMSTATUS, 0);
    }

    private SqliteSession Open(int flags, string pragmas)
    {
        // Each connection has one user at a time, so it needs no lock of its own, which would be taken with every call.
        var code = raw.sqlite3_open_v2(settings.Path, out var handle, flags | raw.SQLITE_OPEN_NOMUTEX, null);
        try
        {
            if (code != raw.SQLITE_OK) throw SqliteStatement.Error(handle, code);
            code = raw.sqlite3_create_function(
                handle, "stashai_now", 0, null,
                (context, _, _) => raw.sqlite3_result_int64(context, settings.Clock.GetUtcNow().ToUnixTimeMilliseconds()));
            if (code != raw.SQLITE_OK) throw SqliteStatement.Error(handle, code);
            Set(handle, pragmas);
            return new SqliteSession(handle);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static void Set(sqlite3 handle, string pragmas)
    {
        using var sleeper = new ManualResetEventSlim();
        for (var started = Stopwatch.GetTimestamp(); ; sleeper.Wait(OpenPause))
        {
            try
            {
                SqliteStatement.Execute(handle, pragmas);
                return;
            }
            catch (SqliteException exception) when (exception.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED
                && Stopwatch.GetElapsedTime(started) < OpenTimeout)
            {
                // Another process has it now.
            }
        }
    }
}
