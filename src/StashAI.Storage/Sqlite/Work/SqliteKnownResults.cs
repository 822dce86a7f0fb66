using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Store;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Work;

/// <summary>Results by what they depend on, who computes them, and who waits for them.</summary>
internal sealed class SqliteKnownResults(SqliteWriter writer, SqliteReaders readers) : IKnownResults
{
    private const string Digests = """
        SELECT t.slot, t.data_url_prefix, p.sha256 FROM task_payloads t JOIN payloads p ON p.id = t.payload_id
        WHERE t.task_id = ?1 AND t.ordinal >= 0 ORDER BY t.ordinal
        """;

    // A result counts while its task is stored as it was recorded: not hidden, erased or judged again since.
    private const string Valid = """
        FROM known_results k JOIN queue_tasks t ON t.id = k.task_id AND t.version = k.version AND t.state = 3 /* Completed */
            JOIN queue_jobs j ON j.id = k.task_id >> 24 AND j.state <> 6 /* Staging */
            JOIN task_results r ON r.task_id = k.task_id LEFT JOIN task_derived d ON d.task_id = k.task_id
        WHERE k.key = ?1 AND k.task_id >= ?2 << 24
        """;

    private const string Find = $"""
        SELECT r.output, d.data, t.http_status {Valid}
            AND NOT (?3 AND EXISTS (SELECT 1 FROM erasures WHERE stage IN (1, 2) /* Jobs, OpenJobs */))
        """;

    private const string TakeOff = """
        INSERT INTO result_flights (key, task_id, fence, names) VALUES (?1, ?2, ?3, ?4)
        ON CONFLICT (key) DO UPDATE SET task_id = excluded.task_id, fence = excluded.fence, names = excluded.names
        WHERE task_id = excluded.task_id OR NOT EXISTS (
            SELECT 1 FROM queue_tasks t
            WHERE t.id = result_flights.task_id AND t.fence = result_flights.fence AND t.state = 2 /* Running */)
        """;

    private const string Wait = """
        INSERT INTO result_waiters (task_id, key) VALUES (?1, ?2) ON CONFLICT (task_id) DO UPDATE SET key = excluded.key
        """;

    private const string Waited = "UPDATE result_flights SET waiting = 1 WHERE key = ?1 AND waiting = 0";

    /// <summary>?1: the task.</summary>
    public const string WaitNoMore = "DELETE FROM result_waiters WHERE task_id = ?1";

    private const string Remember = """
        INSERT INTO known_results (key, task_id, version, computed_at) VALUES (?1, ?2, ?3, stashai_now())
        ON CONFLICT (key) DO UPDATE SET task_id = excluded.task_id, version = excluded.version, computed_at = excluded.computed_at
        """;

    private const string Land = "DELETE FROM result_flights WHERE key = ?1 AND waiting = 0";

    // A task that was woken to compute the result does so from its next claim on.
    private const string IsOver = """
        NOT EXISTS (SELECT 1 FROM queue_tasks t WHERE t.id = f.task_id AND ((t.state = 2 /* Running */ AND t.fence = f.fence)
            OR (t.state = 0 /* Available */ AND t.fence = f.fence - 1)))
        """;

    /// <summary>?1: the key.</summary>
    public const string EndFlight = "DELETE FROM result_flights WHERE key = ?1";

    private const string Old = $"""
        SELECT key FROM known_results WHERE computed_at <= {SqliteClock.Trusted} - ?1 ORDER BY computed_at LIMIT ?2
        """;

    private const string Ended = $"SELECT f.key FROM result_flights f WHERE f.waiting = 0 AND {IsOver} LIMIT ?1";

    public Task<IReadOnlyList<PayloadDigest>> ListDigestsAsync(long taskKey, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            session =>
            {
                var digests = new List<PayloadDigest>();
                var rows = session.Use(Digests).Bind(1, taskKey);
                while (rows.Step()) digests.Add(new PayloadDigest(rows.Text(0), rows.TextOrNull(1), rows.Blob(2)));
                return (IReadOnlyList<PayloadDigest>)digests;
            },
            cancellationToken);

    public Task<byte[]?> FindDigestAsync(long payloadKey, CancellationToken cancellationToken) =>
        readers.ReadAsync(
            session =>
            {
                var row = session.Use("SELECT sha256 FROM payloads WHERE id = ?1").Bind(1, payloadKey);
                if (!row.Step()) return null;
                var digest = row.IsNull(0) ? null : row.Blob(0);
                row.Reset();
                return digest;
            },
            cancellationToken);

    public Task<KnownResult?> FindResultAsync(ResultQuery query, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => FindResult(session, query), cancellationToken);

    public Task<ResultAnswer> AskAsync(ResultQuery query, CancellationToken cancellationToken) =>
        writer.RunAsync(session => Ask(session, query), cancellationToken);

    public async Task<ChangeSet> WakeWaitersAsync(int limit, CancellationToken cancellationToken)
    {
        // Usually nobody waits, and the write lock is not needed.
        var over = await readers.ReadAsync(SqliteResultWaiters.FindOver, cancellationToken);
        return over.Count == 0
            ? ChangeSet.Empty
            : await writer.RunAsync(session => SqliteResultWaiters.Wake(session, limit), cancellationToken);
    }

    public async Task<int> ForgetResultsAsync(TimeSpan? keep, int limit, CancellationToken cancellationToken)
    {
        var found = await readers.ReadAsync(session => FindForgettable(session, keep, limit), cancellationToken);
        return found.Old.Count + found.Ended.Count == 0
            ? 0
            : await writer.RunAsync(session => Forget(session, keep, limit), cancellationToken, isBulk: true);
    }

    /// <summary>Remembers the result of a task that has just been completed.</summary>
    public static void Save(SqliteSession session, ReadOnlyMemory<byte> key, long taskKey, int version)
    {
        session.Use(Remember).Bind(1, key.Span).Bind(2, taskKey).Bind(3, version).Run();
        session.Use(Land).Bind(1, key.Span).Run();
    }

    private static KnownResult? FindResult(SqliteSession session, ResultQuery query)
    {
        var row = session.Use(Find).Bind(1, query.Key.Span).Bind(2, query.OldestJob).Bind(3, query.MayNameSubjects ? 1 : 0);
        if (!row.Step()) return null;
        var found = new KnownResult(row.Blob(0), row.IsNull(1) ? default : row.Blob(1), row.IsNull(2) ? null : row.Int32(2));
        row.Reset();
        return found;
    }

    private static ResultAnswer Ask(SqliteSession session, ResultQuery query)
    {
        if (FindResult(session, query) is { } known) return new ResultAnswer(known, false);
        if (session.Use(TakeOff).Bind(1, query.Key.Span).Bind(2, query.TaskKey).Bind(3, query.Fence)
            .Bind(4, query.MayNameSubjects ? 1 : 0).Run() > 0)
        {
            // What it waited for before must not end its pause after a failure.
            session.Use(WaitNoMore).Bind(1, query.TaskKey).Run();
            return new ResultAnswer(null, true);
        }

        session.Use(Wait).Bind(1, query.TaskKey).Bind(2, query.Key.Span).Run();
        session.Use(Waited).Bind(1, query.Key.Span).Run();
        return new ResultAnswer(null, false);
    }

    private static (List<byte[]> Old, List<byte[]> Ended) FindForgettable(SqliteSession session, TimeSpan? keep, int limit) => (
        keep is { } period ? Keys(session.Use(Old).Bind(1, (long)period.TotalMilliseconds).Bind(2, limit)) : [],
        Keys(session.Use(Ended).Bind(1, limit)));

    private static int Forget(SqliteSession session, TimeSpan? keep, int limit)
    {
        var (old, ended) = FindForgettable(session, keep, limit);
        foreach (var key in old) session.Use("DELETE FROM known_results WHERE key = ?1").Bind(1, key).Run();
        foreach (var key in ended) session.Use(EndFlight).Bind(1, key).Run();
        return old.Count + ended.Count;
    }

    /// <summary>Reads a column of keys.</summary>
    public static List<byte[]> Keys(SqliteStatement rows)
    {
        var keys = new List<byte[]>();
        while (rows.Step()) keys.Add(rows.Blob(0));
        return keys;
    }
}
