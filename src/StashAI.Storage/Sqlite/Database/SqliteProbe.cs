using Microsoft.Data.Sqlite;
using SQLitePCL;
using StashAI.Queue.Policies.Circuits;
using StashAI.Queue.Store;
using StashAI.Storage.Migrations;

namespace StashAI.Storage.Sqlite.Database;

/// <summary>
/// Probes what work needs: a write, a read on a new connection, the schema, and from time to time every page of the file.
/// </summary>
internal sealed class SqliteProbe(SqliteDatabase database, SqliteWriter writer) : IStoreProbe
{
    private const string Columns = """
        SELECT m.name, p.name FROM sqlite_schema m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\_%' ESCAPE '\'
        """;

    private const string Indexes = "SELECT name FROM sqlite_schema WHERE type = 'index'";

    private const string Scripts = "SELECT ScriptName FROM SchemaVersions";

    /// <summary>How many bytes per second of elapsed time may be checked; a small part of what a disk can do.</summary>
    private const double CheckedBytesPerSecond = 2 * 1024 * 1024;

    /// <summary>A larger file is checked only after damage was found, because that takes minutes.</summary>
    private const long MaxCheckedFile = 4L * 1024 * 1024 * 1024;

    private const long MaxImmediateCheck = 256 * 1024 * 1024;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(5);

    private readonly ExpectedSchema expected = ExpectedSchema.OfSqlite();
    private long checkedAt = database.Clock.GetTimestamp();
    private long schemaVersion = -1;
    private readonly bool canIdentifyFile = HoldsFile(database.Path);
    private volatile bool isDamaged;

    public string? Warning { get; private set; }

    public string? Explain(Exception error)
    {
        // After damage was found, the next probe checks the whole file.
        if (StoreTroubles.Of(error) == StoreTrouble.Damaged) isDamaged = true;
        return SqliteTroubles.Explain(error, database.Path);
    }

    public async Task ProbeAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(database.Path) || (canIdentifyFile && !HoldsFile(database.Path))) throw FileReplaced();
        var seen = await writer.RunAsync(
            session =>
            {
                SqliteClock.Observe(session);
                // Always writes, because a disk may have become read-only.
                session.Use("UPDATE clock_watch SET seen_at = seen_at").Run();
                return SqliteClock.Find(session)!.Value;
            },
            cancellationToken);
        await Task.Run(() => CheckWithNewConnection(seen.LastSeen), cancellationToken);
    }

    /// <summary>Checks every page, if the file is small enough to do so while a request waits.</summary>
    public Task<bool> IsDamagedAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            if (isDamaged || !File.Exists(database.Path) || new FileInfo(database.Path).Length > MaxImmediateCheck) return isDamaged;
            if (database.Clock.GetElapsedTime(Volatile.Read(ref checkedAt)) < TimeSpan.FromSeconds(1)) return false;
            using var session = database.OpenReader();
            if (CheckPages(session) is null) Volatile.Write(ref checkedAt, database.Clock.GetTimestamp());
            else isDamaged = true;
            return isDamaged;
        },
        cancellationToken);

    private void CheckWithNewConnection(long seen)
    {
        using var session = database.OpenReader();
        CheckSchema(session);
        if (SqliteClock.Find(session) is not { } found
            || (found.LastSeen < seen && database.Clock.GetUtcNow().ToUnixTimeMilliseconds() >= seen))
        {
            throw FileReplaced();
        }

        var size = new FileInfo(database.Path).Length;
        var pause = Math.Max(ShortestPause.TotalSeconds, size / CheckedBytesPerSecond);
        if (!isDamaged && (size > MaxCheckedFile || database.Clock.GetElapsedTime(checkedAt).TotalSeconds < pause)) return;
        var damage = CheckPages(session);
        checkedAt = database.Clock.GetTimestamp();
        isDamaged = damage is not null;
        if (damage is not null) throw new StoreTroubleException(SqliteTroubles.Damaged(database.Path, damage), isDamaged: true);
    }

    private void CheckSchema(SqliteSession session)
    {
        var version = session.Use("PRAGMA schema_version").Scalar() ?? 0;
        if (version == schemaVersion) return;
        var found = new HashSet<(string, string)>();
        var rows = session.Use(Columns);
        while (rows.Step()) found.Add((rows.Text(0), rows.Text(1)));
        var indexes = new HashSet<string>();
        var names = session.Use(Indexes);
        while (names.Step()) indexes.Add(names.Text(0));
        if (expected.Missing(database.Path, found, indexes) is { } missing) throw new StoreTroubleException(missing);
        var known = MigrationScripts.Sqlite.Select(script => script.Name).ToHashSet();
        string? unknown = null;
        var scripts = session.Use(Scripts);
        while (scripts.Step()) unknown ??= known.Contains(scripts.Text(0)) ? null : scripts.Text(0);
        Warning = unknown is null ? null : MigrationScripts.Newer(database.Path, unknown);
        // A script of a newer version may add only columns that are unknown here, so scripts are compared each time.
        schemaVersion = unknown is null ? version : -1;
    }

    /// <summary>
    /// True when the file that this process has open is still the one at this path; false also when that cannot be determined.
    /// </summary>
    private static bool HoldsFile(string path)
    {
        const string Opened = "/proc/self/fd";
        if (!Directory.Exists(Opened)) return false;
        var file = Path.GetFullPath(path);
        foreach (var entry in Directory.EnumerateFileSystemEntries(Opened))
        {
            try
            {
                if (File.ResolveLinkTarget(entry, returnFinalTarget: false)?.FullName == file) return true;
            }
            catch (IOException)
            {
                // Closed in the meantime.
            }
        }

        return false;
    }

    private static string? CheckPages(SqliteSession session)
    {
        try
        {
            var rows = session.Use("PRAGMA quick_check(1)");
            string? first = null;
            while (rows.Step()) first ??= rows.Text(0);
            return first == "ok" ? null : first;
        }
        catch (SqliteException exception) when (exception.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB)
        {
            return exception.Message;
        }
    }

    private StoreTroubleException FileReplaced() => new(SqliteTroubles.FileReplaced(database.Path));
}
