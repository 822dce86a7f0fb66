using SQLitePCL;

namespace StashAI.SqliteFiles;

/// <summary>
/// Overwrites what a database in WAL mode has freed but not overwritten, wherever it is in its files, while others read and write. See
/// docs/adr/0035.
/// </summary>
/// <param name="writer">A connection that has read nothing yet, so that it writes no old copy of a page.</param>
/// <param name="reader">Another connection. Its open transaction keeps checkpoints from writing the file that is cleaned.</param>
/// <param name="takeTurn">Waits until it is this process's turn to write; null if there are no turns.</param>
/// <param name="endTurn">Ends that turn; may be called twice.</param>
public sealed class DatabaseScrub(sqlite3 writer, sqlite3 reader, Action? takeTurn = null, Action? endTurn = null)
{
    /// <summary>How many pages are read between two calls of <c>goOn</c>: 64 MB with pages of 4 KB.</summary>
    private const int PagesOfStep = 16 * 1024;

    /// <summary>How many pages are cleaned at most while nobody may write: a few milliseconds.</summary>
    private const int MaxHeldPages = 512;

    /// <summary>How far the log may grow before it is moved to the file; that is how long writers wait.</summary>
    private const long MaxLogBytes = 16 * 1024 * 1024;

    /// <summary>The page before it has the schema, in which nobody is named.</summary>
    private const uint FirstPage = 2;

    private const int FreezeTries = 5;

    /// <summary>How often it is tried to end, when others write as fast as pages are cleaned.</summary>
    private const int MaxClosings = 20;

    private const int CheckpointBusyMilliseconds = 100;
    private const int BusyMilliseconds = 10_000;

    /// <summary>False when the file is so large that only its free pages could be overwritten (128 GB with pages of 4 KB).</summary>
    public bool IsComplete { get; private set; } = true;

    /// <summary>Overwrites everything that was freed before the call.</summary>
    /// <param name="change">SQL that changes a row. With it, all other connections forget the pages that they have in memory.</param>
    /// <param name="goOn">Called after each 64 MB; false ends the scrub.</param>
    /// <param name="cancellationToken">Ends the scrub at the next 64 MB.</param>
    /// <returns>True when it is done; false when it was ended, or others were in the way: it must be begun again.</returns>
    /// <exception cref="IOException">A file could not be read or written.</exception>
    /// <exception cref="InvalidDataException">The database is damaged.</exception>
    public async Task<bool> RunAsync(string change, Func<Task<bool>> goOn, CancellationToken cancellationToken)
    {
        try
        {
            // Most of the log, without keeping writers waiting.
            Checkpoint(raw.SQLITE_CHECKPOINT_PASSIVE);
            var written = new HashSet<uint>();
            var place = new Place(FirstPage, false);
            if (!FreezeFirst()) return false;
            for (var closings = 0; closings < MaxClosings;)
            {
                // Here the log is empty, and nobody writes.
                var layout = PageLayout.Read(OpenFile.OfDatabase(writer), (uint)Number(writer, "PRAGMA page_count"));
                if (place.Next > layout.Pages)
                {
                    closings++;
                    if (!place.IsAgain && written.Count <= MaxHeldPages)
                    {
                        if (Finish(layout, written, change)) return true;
                        place = new Place(FirstPage, false);
                    }
                }

                Execute(reader, "BEGIN");
                Number(reader, "SELECT COUNT(*) FROM sqlite_schema");
                Thaw();
                if (await SweepAsync(layout, written, place, goOn, cancellationToken) is not { } reached) return false;
                place = reached;
                written.Clear();
                if (!FreezeAgain(written, layout.PageSize)) return false;
            }

            return false;
        }
        finally
        {
            if (raw.sqlite3_get_autocommit(reader) == 0) Execute(reader, "ROLLBACK");
            Thaw();
        }
    }

    /// <summary>
    /// Cleans pages while the reader's transaction keeps the file as it is; writers go on in the log. Returns the place behind, or null
    /// when it was told to end.
    /// </summary>
    private async Task<Place?> SweepAsync(
        PageLayout layout, HashSet<uint> written, Place place, Func<Task<bool>> goOn, CancellationToken cancellationToken)
    {
        var cleaner = new PageCleaner(OpenFile.OfDatabase(reader), layout);
        IsComplete = cleaner.CanReadTrees;
        var isKnown = cleaner.CleanPages(written);
        // A chain that begins in a page which was not written is found when everything is gone through from here on.
        var (next, isAgain) = (place.Next, place.IsAgain || (!isKnown && place.Next > FirstPage));
        if (next > layout.Pages && isAgain) (next, isAgain) = (FirstPage, false);
        while (next <= layout.Pages)
        {
            cleaner.CleanRange(next, PagesOfStep);
            next += PagesOfStep;
            cancellationToken.ThrowIfCancellationRequested();
            if (!await goOn()) return null;
            if (OpenFile.OfLog(reader).Size > MaxLogBytes) break;
        }

        OpenFile.OfDatabase(reader).Sync();
        return new Place(next, isAgain);
    }

    /// <summary>
    /// Cleans the last pages while nobody writes, and commits. False, and nothing is committed, when one of them is in a chain that begins
    /// elsewhere.
    /// </summary>
    private bool Finish(PageLayout layout, HashSet<uint> written, string change)
    {
        var file = OpenFile.OfDatabase(writer);
        if (!new PageCleaner(file, layout).CleanPages(written)) return false;
        file.Sync();
        // Other connections may have pages in memory as they were. They forget them when they see that somebody else wrote.
        Execute(writer, change);
        Execute(writer, "COMMIT");
        return true;
    }

    /// <summary>Moves the log to the file and keeps others from writing; false when readers are in the way.</summary>
    private bool FreezeFirst()
    {
        for (var tries = 0; tries < FreezeTries; tries++)
        {
            takeTurn?.Invoke();
            if (Checkpoint(raw.SQLITE_CHECKPOINT_TRUNCATE) != raw.SQLITE_OK) return false;
            if (IsFrozen()) return true;
            // Somebody wrote in between.
            Thaw();
        }

        return false;
    }

    /// <summary>
    /// Ends the reader's transaction, moves the log to the file, and keeps others from writing. False when readers are in the way, or
    /// somebody wrote in between: then it is not known which pages the log had.
    /// </summary>
    /// <param name="written">Receives the pages that the log had.</param>
    /// <param name="pageSize">The bytes of a page.</param>
    private bool FreezeAgain(HashSet<uint> written, int pageSize)
    {
        takeTurn?.Invoke();
        if (!TryLock()) return false;
        var version = Number(writer, "PRAGMA data_version");
        WrittenPages.AddTo(written, OpenFile.OfLog(writer), pageSize);
        Execute(writer, "ROLLBACK");
        Execute(reader, "ROLLBACK");
        for (var tries = 0; tries < FreezeTries; tries++)
        {
            if (Checkpoint(raw.SQLITE_CHECKPOINT_TRUNCATE) == raw.SQLITE_OK)
                return IsFrozen() && Number(writer, "PRAGMA data_version") == version;
        }

        return false;
    }

    private bool IsFrozen() => TryLock() && OpenFile.OfLog(writer).Size == 0;

    /// <summary>Keeps others from writing; false when they do not stop.</summary>
    private bool TryLock()
    {
        var code = raw.sqlite3_exec(writer, "BEGIN IMMEDIATE");
        return code is raw.SQLITE_OK or raw.SQLITE_BUSY ? code == raw.SQLITE_OK : throw Error(writer, code);
    }

    private void Thaw()
    {
        if (raw.sqlite3_get_autocommit(writer) == 0) Execute(writer, "ROLLBACK");
        endTurn?.Invoke();
    }

    private int Checkpoint(int mode)
    {
        // Writers wait for it, so it does not wait long for readers.
        _ = raw.sqlite3_busy_timeout(writer, CheckpointBusyMilliseconds);
        var code = raw.sqlite3_wal_checkpoint_v2(writer, "main", mode, out _, out _);
        _ = raw.sqlite3_busy_timeout(writer, BusyMilliseconds);
        return code;
    }

    private static void Execute(sqlite3 connection, string sql)
    {
        var code = raw.sqlite3_exec(connection, sql);
        if (code != raw.SQLITE_OK) throw Error(connection, code);
    }

    private static long Number(sqlite3 connection, string sql)
    {
        var code = raw.sqlite3_prepare_v2(connection, sql, out var statement);
        if (code != raw.SQLITE_OK) throw Error(connection, code);
        using (statement)
        {
            code = raw.sqlite3_step(statement);
            return code == raw.SQLITE_ROW ? raw.sqlite3_column_int64(statement, 0) : throw Error(connection, code);
        }
    }

    private static IOException Error(sqlite3 connection, int code) =>
        new($"SQLite error {code} while freed bytes were overwritten: {raw.sqlite3_errmsg(connection).utf8_to_string()}");

    /// <summary>How far the pages are gone through.</summary>
    /// <param name="Next">The next page.</param>
    /// <param name="IsAgain">True when all must be gone through once more.</param>
    private readonly record struct Place(uint Next, bool IsAgain);
}
