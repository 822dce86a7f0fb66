using SQLitePCL;

namespace StashAI.Storage.Sqlite.Database;

/// <summary>
/// Overwrites what the file has freed, and empties the write-ahead log. Pages that were freed keep their bytes until they are used again:
/// rows of zeros use them all, a few megabytes at a time, and are removed again. What is freed inside a page is overwritten at once
/// (<c>secure_delete</c>).
/// </summary>
internal sealed class SqliteBlanks(SqliteDatabase database, SqliteWriter writer)
{
    /// <summary>How much one step writes.</summary>
    private const long BytesOfStep = 4 * 1024 * 1024;

    /// <summary>A few pages may be freed by others at any time, and have nothing of the erasure.</summary>
    private const long PagesOfOthers = 8;

    private const string CountFree = "PRAGMA freelist_count";

    private const string PageSize = "PRAGMA page_size";

    private const string CountBlanks = "SELECT COALESCE(SUM(LENGTH(data)), 0) FROM erasure_blanks";

    private const string AddBlank = "INSERT INTO erasure_blanks (data) VALUES (zeroblob(?1))";

    private const string RemoveBlank = "DELETE FROM erasure_blanks WHERE id = (SELECT MAX(id) FROM erasure_blanks)";

    private long? pagesToFill;
    private bool isFilled;

    /// <summary>Does one step; true when nothing is left to do.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (!isFilled) isFilled = await writer.RunAsync(Fill, cancellationToken, isBulk: true);
        if (!isFilled) return false;
        if (await writer.RunAsync(session => session.Use(RemoveBlank).Run() > 0, cancellationToken, isBulk: true)) return false;
        // The log still has the pages as they were before.
        if (!await Task.Run(Truncate, cancellationToken)) return false;
        (pagesToFill, isFilled) = (null, false);
        return true;
    }

    /// <summary>Uses some free pages; true when all that were free in the beginning are used.</summary>
    private bool Fill(SqliteSession session)
    {
        var free = session.Use(CountFree).Scalar()!.Value;
        var size = session.Use(PageSize).Scalar()!.Value;
        pagesToFill ??= free + (session.Use(CountBlanks).Scalar()!.Value / size);
        if (free == 0) return true;
        if (session.Use(CountBlanks).Scalar()!.Value / size >= pagesToFill + PagesOfOthers) return true;
        session.Use(AddBlank).Bind(1, Math.Min(BytesOfStep, free * size)).Run();
        return session.Use(CountFree).Scalar() == 0;
    }

    private bool Truncate()
    {
        using var session = database.OpenWriter();
        // Writers wait for it, so it does not wait long for readers; it is tried again.
        _ = raw.sqlite3_busy_timeout(session.Handle, 100);
        return raw.sqlite3_wal_checkpoint_v2(session.Handle, "main", raw.SQLITE_CHECKPOINT_TRUNCATE, out _, out _) == raw.SQLITE_OK;
    }
}
