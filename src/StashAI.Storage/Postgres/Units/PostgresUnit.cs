using Npgsql;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Storage.Postgres.Units;

/// <summary>
/// The SQL that updates each job's counters once, by what a statement really changed, in the same statement (S5). Every statement that
/// changes a task's state is <c>WITH ..., changed AS (...)</c>, then <see cref="Move"/>, then a SELECT. The previous statement must have
/// locked the jobs (<see cref="LockJobs"/>): only a statement that begins after a lock was granted sees the changes of its
/// previous holder.
/// </summary>
internal static class PostgresUnit
{
    /// <summary>Locks jobs in id order (S13). $1: their keys.</summary>
    public const string LockJobs =
        "SELECT COUNT(*) FROM (SELECT 1 FROM queue_jobs WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE) AS locked";

    /// <summary>
    /// Locks a node's totals in the order of their keys (S13), for a transaction that changes them more than once: otherwise a claim of the
    /// same node that holds a later one could wait for an earlier one. $1: the node; $2: services.
    /// </summary>
    public const string LockTotals = """
        SELECT COUNT(*) FROM (
            SELECT 1 FROM totals WHERE service = ANY ($2) AND kind IN (0, 1, 2) AND state BETWEEN 0 AND 6 AND node_id = $1
            ORDER BY service, kind, state FOR NO KEY UPDATE) AS locked
        """;

    /// <summary>
    /// Follows <c>changed (id, version, was, becomes, requeued, ms)</c>: tasks that changed from state <c>was</c> to state <c>becomes</c>,
    /// the change <c>requeued</c> of the tasks below the cursor, and the duration <c>ms</c> of successful calls. $1: the node whose share
    /// of the totals changes, or 0. The numbers are those of <see cref="TaskState"/>. A test compares the rule for the job's state with
    /// <see cref="JobStateMachine"/>.
    /// </summary>
    public const string Move = $"""
        , delta AS (
            SELECT job,
                SUM(n * ((becomes = 0)::int - (was = 0)::int))::int AS available,
                SUM(n * ((becomes = 1)::int - (was = 1)::int))::int AS scheduled,
                SUM(n * ((becomes = 2)::int - (was = 2)::int))::int AS running,
                SUM(n * ((becomes = 3)::int - (was = 3)::int))::int AS completed,
                SUM(n * ((becomes = 4)::int - (was = 4)::int))::int AS failed,
                SUM(n * ((becomes = 5)::int - (was = 5)::int))::int AS cancelled,
                SUM(n * requeued)::int AS requeued,
                SUM(ms) AS ms,
                SUM(n * (becomes = 2)::int) AS claimed,
                -- A claim of tasks that were never claimed moves the cursor past the last of them.
                MAX((last & 16777215) + 1) FILTER (WHERE becomes = 2 AND requeued = 0)::int AS next_ordinal
            -- Counted once for each task, and added up by state for the few groups.
            FROM (
                SELECT id >> 24 AS job, was, becomes, requeued, COUNT(*)::int AS n, SUM(ms) AS ms, MAX(id) AS last
                FROM changed GROUP BY 1, 2, 3, 4) AS groups
            GROUP BY 1),
        sums AS (
            SELECT d.job, d.running, d.completed, d.failed, d.cancelled, d.requeued, d.ms, d.claimed, d.next_ordinal,
                -- Available tasks of a job that starts later count as scheduled: starting it changes only the job's row.
                CASE j.waiting WHEN 0 THEN d.available ELSE 0 END AS available,
                CASE j.waiting WHEN 0 THEN d.scheduled ELSE d.scheduled + d.available END AS scheduled,
                j.service, j.single_task, j.is_runnable AS was_runnable, j.state AS before, j.started_at, j.total, stashai_now() AS now,
                j.available + CASE j.waiting WHEN 0 THEN d.available ELSE 0 END AS a,
                j.scheduled + CASE j.waiting WHEN 0 THEN d.scheduled ELSE d.scheduled + d.available END AS s,
                j.running + d.running AS r, j.completed + d.completed AS c, j.cancelled + d.cancelled AS x,
                CASE
                    WHEN d.claimed > 0 THEN j.vtime + (d.claimed * 1000000 / j.weight)
                    WHEN j.available = 0 AND d.available > 0 AND j.waiting = 0 THEN {PostgresFairStart.OfJob}
                    WHEN j.available > 0 AND j.running >= j.max_parallel AND j.running + d.running < j.max_parallel THEN {PostgresFairStart.OfFull}
                    ELSE j.vtime
                END AS vtime,
                -- The wait of a served job counts from then, or from when it has tasks again.
                d.claimed > 0 OR ((j.available = 0 OR j.running >= j.max_parallel)
                    AND j.available + d.available > 0 AND j.running + d.running < j.max_parallel) AS waits_anew
            FROM delta d JOIN queue_jobs j ON j.id = d.job),
        ended AS (
            SELECT sums.*, CASE
                    WHEN a + s + r > 0 THEN CASE WHEN r > 0 OR started_at IS NOT NULL THEN 1 ELSE 0 END
                    WHEN c > 0 THEN CASE WHEN c = total THEN 2 ELSE 3 END
                    WHEN x > 0 THEN 5
                    ELSE 4
                END AS after
            FROM sums),
        moved AS (
            UPDATE queue_jobs j SET
                available = e.a, scheduled = e.s, running = e.r, completed = e.c, failed = j.failed + e.failed, cancelled = e.x,
                requeued = j.requeued + e.requeued, processing_ms = j.processing_ms + e.ms,
                next_ordinal = GREATEST(e.next_ordinal, j.next_ordinal), vtime = e.vtime, state = e.after,
                effective_priority = CASE WHEN e.claimed > 0 THEN j.priority ELSE j.effective_priority END,
                waiting_since = CASE WHEN e.waits_anew THEN e.now ELSE j.waiting_since END,
                started_at = CASE WHEN e.r > 0 THEN COALESCE(j.started_at, e.now) ELSE j.started_at END,
                finished_at = CASE WHEN e.after = e.before THEN j.finished_at WHEN e.after >= 2 THEN e.now END,
                version = j.version + 1, updated_at = e.now
            FROM ended e WHERE j.id = e.job
            RETURNING j.id, j.public_id, j.version, e.before, j.state, j.lane_id, e.claimed, j.is_runnable AND NOT e.was_runnable AS is_ready),
        counted AS (
            INSERT INTO totals (service, kind, state, node_id, count)
            SELECT service, kind, state, $1, SUM(n) FROM (
                SELECT service, 0 AS kind, t.state, t.n FROM ended CROSS JOIN LATERAL (VALUES
                    (0, available), (1, scheduled), (2, running), (3, completed), (4, failed), (5, cancelled)) AS t (state, n)
                UNION ALL
                SELECT service, 1 + single_task, t.state, t.n FROM ended CROSS JOIN LATERAL (VALUES (before, -1), (after, 1)) AS t (state, n)
                WHERE after <> before) AS moves
            GROUP BY 1, 2, 3 HAVING SUM(n) <> 0 ORDER BY 1, 2, 3
            ON CONFLICT (service, kind, state, node_id) DO UPDATE SET count = totals.count + excluded.count)
        {PostgresTimelines.Count}
        """;

    /// <summary>
    /// Follows <see cref="Move"/> when tasks fail or failed ones are retried, and counts them by kind of error. <c>changed</c> then also
    /// has <c>kind</c> and <c>message</c>. <see cref="RemoveEmptyErrors"/> removes counts of zero.
    /// </summary>
    public const string Errors = """
        , errors AS (
            INSERT INTO job_errors (job_id, kind, count, example)
            SELECT id >> 24, kind, SUM(CASE WHEN becomes = 4 /* Failed */ THEN 1 ELSE -1 END)::int,
                (ARRAY_AGG(message ORDER BY id) FILTER (WHERE message IS NOT NULL))[1]
            FROM changed WHERE (becomes = 4 /* Failed */) <> (was = 4 /* Failed */) GROUP BY 1, 2 ORDER BY 1, 2
            ON CONFLICT (job_id, kind) DO UPDATE SET
                count = job_errors.count + excluded.count, example = COALESCE(job_errors.example, excluded.example))
        """;

    /// <summary>$1: the job.</summary>
    public const string RemoveEmptyErrors = """
        WITH failures AS (DELETE FROM job_failures WHERE job_id = $1 AND count <= 0)
        DELETE FROM job_errors WHERE job_id = $1 AND count <= 0
        """;

    /// <summary>The SELECT of a statement that returns nothing but changes; read by <see cref="ReadAsync"/>.</summary>
    public const string Changes = """

        SELECT false, id, version::bigint, was::int, becomes::int, NULL::uuid FROM changed
        UNION ALL
        SELECT true, id, version, before::int, state::int, public_id FROM moved
        """;

    /// <summary>Reads the rows of <see cref="Changes"/>.</summary>
    public static async Task<ChangeSet> ReadAsync(NpgsqlDataReader rows, CancellationToken cancellationToken)
    {
        var tasks = new List<TaskChange>();
        var jobs = new List<JobChange>();
        while (await rows.ReadAsync(cancellationToken))
        {
            var (key, version) = (rows.GetInt64(1), rows.GetInt64(2));
            if (rows.GetBoolean(0))
                jobs.Add(new JobChange(key, rows.GetGuid(5), version, (JobState)rows.GetInt32(3), (JobState)rows.GetInt32(4)));
            else
                tasks.Add(new TaskChange(key, (int)version, (TaskState)rows.GetInt32(4)));
        }

        tasks.Sort((a, b) => a.Key.CompareTo(b.Key));
        return tasks.Count + jobs.Count == 0 ? ChangeSet.Empty : new ChangeSet(tasks, jobs);
    }

    /// <summary>The jobs of these tasks, each once.</summary>
    public static long[] JobsOf(IEnumerable<long> taskKeys) => [.. taskKeys.Select(TaskKey.JobOf).Distinct()];
}
