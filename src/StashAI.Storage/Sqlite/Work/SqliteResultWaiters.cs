using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Tasks;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Units;

namespace StashAI.Storage.Sqlite.Work;

/// <summary>
/// Wakes tasks that wait for a result: those for which it is known now, or else one that computes it (docs/adr/0040). What is known to a
/// task, and whether it can be called, depends on its job.
/// </summary>
internal static class SqliteResultWaiters
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

    // As SqliteKnownResults finds it for a task of the job.
    private const string IsKnown = """
        (EXISTS (SELECT 1 FROM known_results k JOIN queue_tasks t ON t.id = k.task_id AND t.version = k.version AND t.state = 3 /* Completed */
                JOIN queue_jobs o ON o.id = k.task_id >> 24 AND o.state <> 6 /* Staging */ JOIN task_results r ON r.task_id = k.task_id
            WHERE k.key = f.key AND k.task_id >= CASE j.cache WHEN 2 /* Refresh */ THEN j.id << 24 ELSE 0 END)
        AND NOT (f.names AND EXISTS (SELECT 1 FROM erasures WHERE stage IN (1, 2) /* Jobs, OpenJobs */)))
        """;

    private const string IsOver = """
        NOT EXISTS (SELECT 1 FROM queue_tasks t WHERE t.id = f.task_id AND t.state = 2 /* Running */ AND t.fence = f.fence)
        """;

    private const string Over = $"""
        SELECT f.key FROM result_flights f WHERE f.waiting = 1 AND {IsOver} AND (
            NOT EXISTS (SELECT 1 FROM result_waiters w WHERE w.key = f.key)
            OR EXISTS (
                WITH RECURSIVE waiting (job, n) AS (
                    SELECT MIN(task_id) >> 24, 1 FROM result_waiters WHERE key = f.key
                    UNION ALL
                    SELECT (SELECT MIN(task_id) FROM result_waiters WHERE key = f.key AND task_id >= (w.job + 1) << 24) >> 24, w.n + 1
                    FROM waiting w WHERE w.job IS NOT NULL AND w.n < {MaxJobs})
                SELECT 1 FROM waiting w LEFT JOIN queue_jobs j ON j.id = w.job
                WHERE w.job IS NOT NULL AND ({IsKnown} OR {Readiness} > {HeirReadiness})))
        LIMIT ?1
        """;

    private const string WaitingJobs = $"""
        WITH RECURSIVE waiting (job, n) AS (
            SELECT MIN(task_id) >> 24, 1 FROM result_waiters WHERE key = ?1
            UNION ALL
            SELECT (SELECT MIN(task_id) FROM result_waiters WHERE key = ?1 AND task_id >= (w.job + 1) << 24) >> 24, w.n + 1
            FROM waiting w WHERE w.job IS NOT NULL AND w.n < {MaxJobs})
        SELECT w.job, {IsKnown} AS known, {Readiness} AS readiness, {HeirReadiness}
        FROM result_flights f CROSS JOIN waiting w LEFT JOIN queue_jobs j ON j.id = w.job
        WHERE f.key = ?1 AND w.job IS NOT NULL ORDER BY known DESC, readiness DESC, j.effective_priority DESC, w.job
        """;

    // A running task was just told to wait, and is scheduled soon.
    private const string Waiters = """
        SELECT w.task_id FROM result_waiters w LEFT JOIN queue_tasks t ON t.id = w.task_id
        WHERE w.key = ?1 AND w.task_id >= ?2 << 24 AND w.task_id < (?2 + 1) << 24 AND COALESCE(t.state, 3) <> 2 /* Running */
        ORDER BY w.task_id LIMIT ?3
        """;

    private const string WakeTask = """
        UPDATE queue_tasks SET state = 0 /* Available */, requeued = MAX(requeued, 1), version = version + 1, due_at = NULL
        WHERE id = ?1 AND state = 1 /* Scheduled */ RETURNING version, requeued, fence
        """;

    private const string HasWaiters = "SELECT 1 FROM result_waiters WHERE key = ?1 LIMIT 1";

    private const string HandOver = "UPDATE result_flights SET task_id = ?2, fence = ?3 WHERE key = ?1";

    private const string NobodyWaits = "UPDATE result_flights SET waiting = 0 WHERE key = ?1";

    private const string HasHeir = """
        SELECT 1 FROM result_flights f JOIN queue_tasks t ON t.id = f.task_id AND t.state = 0 /* Available */ AND t.fence = f.fence - 1
        WHERE f.key = ?1
        """;

    /// <summary>Flights that are over and keep somebody waiting who can be woken.</summary>
    public static List<byte[]> FindOver(SqliteSession session) => SqliteKnownResults.Keys(session.Use(Over).Bind(1, KeysPerCall));

    /// <summary>Wakes up to <paramref name="limit"/> tasks.</summary>
    public static ChangeSet Wake(SqliteSession session, int limit)
    {
        var unit = new SqliteUnit(session);
        foreach (var key in FindOver(session))
        {
            if (limit <= 0) break;
            limit -= WakeOf(session, unit, key, limit);
        }

        return unit.Finish();
    }

    private static int WakeOf(SqliteSession session, SqliteUnit unit, byte[] key, int limit)
    {
        (long Task, int Fence)? heir = null;
        var seen = 0;
        foreach (var job in JobsOf(session, key))
        {
            while (seen < limit && (job.WakesAll || (heir is null && job.CanRelieve)))
            {
                var tasks = TasksOf(session, key, job.Key, job.WakesAll ? limit - seen : 1);
                if (tasks.Count == 0) break;
                seen += tasks.Count;
                foreach (var task in tasks)
                {
                    if (Wake(session, unit, task) is { } fence && !job.WakesAll) heir = (task, fence + 1);
                }
            }
        }

        if (heir is { } next) session.Use(HandOver).Bind(1, key).Bind(2, next.Task).Bind(3, next.Fence).Run();
        if (session.Use(HasWaiters).Bind(1, key).Scalar() is null)
        {
            var isNext = session.Use(HasHeir).Bind(1, key).Scalar() is not null;
            session.Use(isNext ? NobodyWaits : SqliteKnownResults.EndFlight).Bind(1, key).Run();
        }

        return seen;
    }

    /// <summary>Wakes a task that waits; returns its fence, or null for one that does not wait any more.</summary>
    private static int? Wake(SqliteSession session, SqliteUnit unit, long task)
    {
        session.Use(SqliteKnownResults.WaitNoMore).Bind(1, task).Run();
        var woken = session.Use(WakeTask).Bind(1, task);
        if (!woken.Step()) return null;
        var (version, requeued, fence) = (woken.Int32(0), woken.Int32(1), woken.Int32(2));
        woken.Reset();
        var delta = unit.Job(TaskKey.JobOf(task));
        delta.Move(TaskState.Scheduled, TaskState.Available);
        if (requeued == 1) delta.Requeued++;
        unit.Changed(task, version, TaskState.Available);
        return fence;
    }

    private static List<WaitingJob> JobsOf(SqliteSession session, byte[] key)
    {
        var jobs = new List<WaitingJob>();
        var rows = session.Use(WaitingJobs).Bind(1, key);
        while (rows.Step())
            jobs.Add(new WaitingJob(rows.Int64(0), rows.Int32(1) != 0 || rows.Int32(2) == 3, rows.Int32(2) > rows.Int32(3)));
        return jobs;
    }

    private static List<long> TasksOf(SqliteSession session, byte[] key, long job, int limit)
    {
        var tasks = new List<long>();
        var rows = session.Use(Waiters).Bind(1, key).Bind(2, job).Bind(3, limit);
        while (rows.Step()) tasks.Add(rows.Int64(0));
        return tasks;
    }

    /// <summary>A job whose tasks wait for a result.</summary>
    /// <param name="Key">The job.</param>
    /// <param name="WakesAll">True when they know it now, or wait no more.</param>
    /// <param name="CanRelieve">True when they can be called sooner than the task that was woken before.</param>
    private readonly record struct WaitingJob(long Key, bool WakesAll, bool CanRelieve);
}
