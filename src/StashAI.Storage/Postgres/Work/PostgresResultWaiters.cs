using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Tasks;
using StashAI.Storage.Changes;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Units;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Work;

/// <summary>
/// Wakes tasks that wait for a result: those for which it is known now, or else one that computes it (docs/adr/0040). What is known to a
/// task, and whether it can be called, depends on its job.
/// </summary>
internal static class PostgresResultWaiters
{
    private const int KeysPerCall = 64;

    /// <summary>Of so many jobs that wait for the same result, one can be called. Those after them wait for their turn.</summary>
    private const string MaxJobs = "64";

    // When a task of a job can be called: 2 now, 1 when a call of its job ends, 0 when a person lets it. 3: the job is over.
    private const string Readiness = """
        CASE WHEN j.id IS NULL OR j.state >= 2 /* terminal or hidden */ THEN 3
            WHEN j.paused <> 0 OR j.cancelling <> 0 OR j.waiting <> 0 THEN 0
            WHEN j.running >= j.max_parallel THEN 1 ELSE 2 END
        """;

    // That of the task which was woken last to compute the result, and was not called since.
    private const string HeirReadiness = $"""
        COALESCE((SELECT {Readiness} FROM queue_tasks t JOIN queue_jobs j ON j.id = t.id >> 24
            WHERE t.id = f.task_id AND t.state = 0 /* Available */ AND t.fence = f.fence - 1), 0)
        """;

    // As PostgresKnownResults finds it for a task of the job.
    private const string IsKnown = """
        (EXISTS (SELECT 1 FROM known_results k JOIN queue_tasks t ON t.id = k.task_id AND t.version = k.version AND t.state = 3 /* Completed */
                JOIN queue_jobs o ON o.id = k.task_id >> 24 AND o.state <> 6 /* Staging */ JOIN task_results r ON r.task_id = k.task_id
            WHERE k.key = f.key AND k.task_id >= CASE j.cache WHEN 2 /* Refresh */ THEN j.id << 24 ELSE 0 END)
        AND NOT (f.names = 1 AND EXISTS (SELECT 1 FROM erasures WHERE stage IN (1, 2) /* Jobs, OpenJobs */)))
        """;

    private const string IsOver = """
        NOT EXISTS (SELECT 1 FROM queue_tasks t WHERE t.id = f.task_id AND t.state = 2 /* Running */ AND t.fence = f.fence)
        """;

    private const string WaitingJobs = $"""
        (WITH RECURSIVE waiting (job, n) AS (
            SELECT MIN(task_id) >> 24, 1 FROM result_waiters WHERE key = f.key
            UNION ALL
            SELECT (SELECT MIN(task_id) FROM result_waiters WHERE key = f.key AND task_id >= (w.job + 1) << 24) >> 24, w.n + 1
            FROM waiting w WHERE w.job IS NOT NULL AND w.n < {MaxJobs})
        SELECT w.job, {IsKnown} AS known, {Readiness} AS readiness, {HeirReadiness} AS heir, j.effective_priority AS priority
        FROM waiting w LEFT JOIN LATERAL (SELECT * FROM queue_jobs WHERE id = w.job LIMIT 1) AS j ON true WHERE w.job IS NOT NULL)
        """;

    private const string Over = $"""
        SELECT f.key FROM result_flights f WHERE f.waiting = 1 AND {IsOver} AND (
            NOT EXISTS (SELECT 1 FROM result_waiters w WHERE w.key = f.key)
            OR EXISTS (SELECT 1 FROM {WaitingJobs} AS b WHERE b.known OR b.readiness > b.heir))
        LIMIT $1
        """;

    // Those that know it first, and of the others those that can be called first. A running task was just told to wait, and is scheduled
    // soon.
    private const string Waiters = $"""
        SELECT w.task_id, w.state, b.known OR b.readiness = 3
        FROM result_flights f CROSS JOIN LATERAL {WaitingJobs} AS b CROSS JOIN LATERAL (
            SELECT w.task_id, COALESCE(t.state, 3::smallint) AS state FROM result_waiters w LEFT JOIN queue_tasks t ON t.id = w.task_id
            WHERE w.key = f.key AND w.task_id >= b.job << 24 AND w.task_id < (b.job + 1) << 24 AND COALESCE(t.state, 3) <> 2 /* Running */
            ORDER BY w.task_id LIMIT $2) AS w
        WHERE f.key = $1 AND (b.known OR b.readiness > b.heir)
        ORDER BY b.known DESC, b.readiness DESC, b.priority DESC, w.task_id LIMIT $2
        """;

    private const string WakeTasks = $"""
        WITH done AS (
            UPDATE queue_tasks SET state = 0 /* Available */, requeued = CASE WHEN crashes > 1 THEN 2 ELSE 1 END,
                version = version + 1, due_at = NULL
            WHERE id = ANY ($2) AND state = 1 /* Scheduled */
            RETURNING id, version, requeued),
        changed AS (
            SELECT id, version, 1 /* Scheduled */ AS was, 0 /* Available */ AS becomes, requeued & 1 AS requeued, 0.0::float8 AS ms
            FROM done)
        {PostgresUnit.Move} {PostgresUnit.Changes}
        """;

    private const string HoldFlight = "SELECT COUNT(*) FROM (SELECT 1 FROM result_flights WHERE key = $1 FOR UPDATE) AS held";

    private const string RemoveWaiters = """
        DELETE FROM result_waiters w WHERE w.key = $1 AND w.task_id = ANY ($2)
            AND NOT EXISTS (SELECT 1 FROM queue_tasks t WHERE t.id = w.task_id AND t.state IN (1, 2) /* Scheduled, Running */)
        """;

    // Unless another task computes it by now.
    private const string HandOver = $"""
        UPDATE result_flights f SET task_id = heir.id, fence = heir.fence + 1 FROM queue_tasks heir
        WHERE f.key = $1 AND heir.id = $2 AND heir.state = 0 /* Available */ AND {IsOver}
        """;

    private const string EndFlight = $"""
        DELETE FROM result_flights f
        WHERE key = $1 AND NOT EXISTS (SELECT 1 FROM result_waiters w WHERE w.key = $1) AND {PostgresKnownResults.IsOver}
        """;

    private const string NobodyWaits = """
        UPDATE result_flights SET waiting = 0 WHERE key = $1 AND NOT EXISTS (SELECT 1 FROM result_waiters w WHERE w.key = $1)
        """;

    /// <summary>Wakes up to <paramref name="limit"/> tasks, in a transaction for each result.</summary>
    public static async Task<ChangeSet> WakeAsync(PostgresSession session, int limit, CancellationToken cancellationToken)
    {
        var over = new List<byte[]>();
        await using (var look = session.Batch().Add(Over, Value((long)KeysPerCall)))
        await using (var rows = await look.ReadAsync(cancellationToken))
        {
            while (await rows.ReadAsync(cancellationToken)) over.Add(rows.GetFieldValue<byte[]>(0));
        }

        var changes = ChangeSet.Empty;
        foreach (var key in over)
        {
            if (limit <= 0) break;
            var (woken, seen) = await WakeAsync(session, key, limit);
            changes = ChangeSetBuilder.Join(changes, woken);
            limit -= seen;
        }

        return changes;
    }

    private static async Task<(ChangeSet Woken, int Seen)> WakeAsync(PostgresSession session, byte[] key, int limit)
    {
        var seen = new List<long>();
        var asleep = new List<long>();
        long? heir = null;
        await using (var look = session.Batch().Add(Waiters, Value(key), Value((long)limit)))
        await using (var rows = await look.ReadAsync(CancellationToken.None))
        {
            while (await rows.ReadAsync(CancellationToken.None))
            {
                var (task, waits, wakesAll) = (rows.GetInt64(0), rows.GetInt16(1) == (int)TaskState.Scheduled, rows.GetBoolean(2));
                // Only one of them computes the result; those before it wait no more.
                if (!wakesAll && heir is not null) break;
                seen.Add(task);
                if (!waits) continue;
                asleep.Add(task);
                if (!wakesAll) heir = task;
            }
        }

        long[] woken = [.. asleep];
        await using var batch = session.Batch()
            .Add(PostgresUnit.LockJobs, Value(PostgresUnit.JobsOf(woken)))
            .Add(WakeTasks, Value(0L), Value(woken))
            .Add(HoldFlight, Value(key))
            .Add(RemoveWaiters, Value(key), Value(seen.ToArray()));
        if (heir is { } next) batch.Add(HandOver, Value(key), Value(next));
        batch.Add(EndFlight, Value(key)).Add(NobodyWaits, Value(key));
        await using var done = await batch.ReadAsync(CancellationToken.None);
        await done.NextResultAsync(CancellationToken.None);
        var changes = await PostgresUnit.ReadAsync(done, CancellationToken.None);
        await EndAsync(done, CancellationToken.None);
        return (changes, seen.Count);
    }
}
