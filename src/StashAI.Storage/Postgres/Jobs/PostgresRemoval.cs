using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Units;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Jobs;

/// <summary>
/// Removes jobs in small transactions. A job is first hidden by turning it into an abandoned upload: no reader sees it, and it no longer
/// counts in the totals. Its rows are removed afterwards.
/// </summary>
internal static class PostgresRemoval
{
    /// <summary>How many tasks one call removes.</summary>
    public const int TasksPerTransaction = 1000;

    // After a jump of the clock, every lease may look expired although its owner is alive.
    private const string LostUploads = $"""
        SELECT j.id FROM queue_jobs j WHERE j.state = 6 /* Staging */
            AND NOT EXISTS (SELECT 1 FROM nodes n WHERE n.id = j.upload_node_id AND n.lease_until > {PostgresClock.Trusted} AND n.rescued = 0) LIMIT $1
        """;

    // Only after the upload has ended: while its job exists, even without a lease, a chunk may still arrive.
    private const string RemoveUnreferenced = """
        WITH gone AS (
            DELETE FROM payloads WHERE refs = 0 AND id = ANY (ARRAY (
                SELECT p.id FROM payloads p
                WHERE p.refs = 0 AND p.segment_id IS NULL AND NOT EXISTS (SELECT 1 FROM queue_jobs j WHERE j.id = p.upload_job_id
                    AND j.state = 6 /* Staging */) LIMIT $1))
            RETURNING id),
        chunks AS (DELETE FROM payload_chunks c USING gone g WHERE c.id >= g.id << 16 AND c.id < (g.id + 1) << 16),
        previews AS (DELETE FROM payload_previews v USING gone g WHERE v.payload_id = g.id)
        SELECT COUNT(*) FROM gone
        """;

    // Waits for a chunk that is being written, so that the following statements see it.
    private const string Hold =
        "SELECT COUNT(*) FROM (SELECT 1 FROM queue_jobs WHERE id = $1 AND state = 6 /* Staging */ FOR UPDATE) AS held";

    // From then on, the upload of this job, if there is one, finds that it was abandoned.
    private const string Abandon = "UPDATE queue_jobs SET upload_node_id = NULL WHERE id = $1 AND state = 6 /* Staging */";

    private const string Hide = """
        WITH found AS MATERIALIZED (
            SELECT id, service, state, single_task, completed, failed, cancelled FROM queue_jobs
            WHERE id = ANY ($1) AND state IN (2, 3, 4, 5) /* the terminal states */ AND available + scheduled + running + retry_scope = 0),
        hidden AS (
            UPDATE queue_jobs j SET state = 6 /* Staging */, upload_node_id = NULL, lane_id = 0, total = 0, completed = 0,
                failed = 0, cancelled = 0,
                payload_bytes = 0, finished_at = NULL, idempotency_key = NULL, request_hash = NULL, idempotency_until = NULL
            FROM found f WHERE j.id = f.id
            RETURNING j.id),
        counted AS (
            INSERT INTO totals (service, kind, state, node_id, count)
            SELECT f.service, t.kind, t.state, 0, -SUM(t.n) FROM found f CROSS JOIN LATERAL (VALUES
                (0, 3, f.completed), (0, 4, f.failed), (0, 5, f.cancelled), (1 + f.single_task, f.state, 1)) AS t (kind, state, n)
            GROUP BY 1, 2, 3 HAVING SUM(t.n) <> 0 ORDER BY 1, 2, 3
            ON CONFLICT (service, kind, state, node_id) DO UPDATE SET count = totals.count + excluded.count)
        SELECT COUNT(*) FROM hidden
        """;

    private const string RemovePiece = """
        WITH border AS MATERIALIZED (
            SELECT (SELECT t.id FROM queue_tasks t WHERE t.id >= $1::bigint << 24 AND t.id < ($1::bigint + 1) << 24 ORDER BY t.id LIMIT 1 OFFSET $2) AS id
            FROM queue_jobs j WHERE j.id = $1 AND j.state = 6 /* Staging */),
        range AS MATERIALIZED (SELECT $1::bigint << 24 AS first, COALESCE(id, ($1::bigint + 1) << 24) AS past, id IS NULL AS is_last FROM border),
        tasks AS (DELETE FROM queue_tasks t USING range r WHERE t.id >= r.first AND t.id < r.past RETURNING t.id),
        inputs AS (DELETE FROM task_inputs t USING range r WHERE t.task_id >= r.first AND t.task_id < r.past),
        results AS (DELETE FROM task_results t USING range r WHERE t.task_id >= r.first AND t.task_id < r.past),
        judgements AS (DELETE FROM task_judgements t USING range r WHERE t.task_id >= r.first AND t.task_id < r.past),
        derived AS (DELETE FROM task_derived t USING range r WHERE t.task_id >= r.first AND t.task_id < r.past),
        subjects AS (DELETE FROM task_subjects t USING range r WHERE t.task_id >= r.first AND t.task_id < r.past),
        attempts AS (DELETE FROM task_attempts t USING range r WHERE t.task_id >= r.first AND t.task_id < r.past),
        known AS (DELETE FROM known_results t USING range r WHERE t.task_id >= r.first AND t.task_id < r.past),
        waiters AS (DELETE FROM result_waiters t USING range r WHERE t.task_id >= r.first AND t.task_id < r.past),
        parts AS (DELETE FROM task_payloads t USING range r WHERE t.task_id >= r.first AND t.task_id < r.past RETURNING t.payload_id),
        unreferenced AS (
            UPDATE payloads SET refs = refs - p.n FROM (SELECT payload_id, COUNT(*)::int AS n FROM parts GROUP BY 1) AS p
            WHERE payloads.id = p.payload_id),
        errors AS (DELETE FROM job_errors e USING range r WHERE r.is_last AND e.job_id = $1),
        failures AS (DELETE FROM job_failures f USING range r WHERE r.is_last AND f.job_id = $1),
        labels AS (DELETE FROM job_labels l USING range r WHERE r.is_last AND l.job_id = $1),
        aggregates AS (DELETE FROM job_aggregates a USING range r WHERE r.is_last AND a.job_id = $1),
        groupings AS (DELETE FROM job_groupings g USING range r WHERE r.is_last AND g.job_id = $1),
        groups AS (DELETE FROM job_groups g USING range r WHERE r.is_last AND g.job_id = $1),
        members AS (DELETE FROM job_group_members m USING range r WHERE r.is_last AND m.job_id = $1),
        elsewhere AS (DELETE FROM job_group_members m USING range r WHERE m.task_id >= r.first AND m.task_id < r.past AND m.job_id <> $1),
        rematches AS (DELETE FROM job_rematches m USING range r WHERE r.is_last AND m.job_id = $1),
        sums AS (DELETE FROM job_subjects s USING range r WHERE r.is_last AND s.job_id = $1),
        backlog AS (DELETE FROM subject_backlog b USING range r WHERE r.is_last AND b.job_id = $1),
        batches AS (DELETE FROM file_batches b USING range r WHERE r.is_last AND b.job_id = $1),
        steps AS (DELETE FROM job_steps s USING range r WHERE r.is_last AND s.job_id = $1),
        events AS (DELETE FROM timeline_events e USING range r WHERE r.is_last AND e.kind = 0 /* jobs */ AND e.subject_id = $1),
        gone AS (DELETE FROM queue_jobs j USING range r WHERE r.is_last AND j.id = $1 RETURNING j.id)
        SELECT (SELECT COUNT(*) FROM tasks) + (SELECT COUNT(*) FROM gone)
        """;

    /// <summary>Hides the ended ones among these jobs; returns how many.</summary>
    public static async Task<int> HideAsync(PostgresSession session, long[] jobKeys)
    {
        await using var batch = session.Batch().Add(PostgresUnit.LockJobs, Value(jobKeys)).Add(Hide, Value(jobKeys));
        await using var rows = await batch.ReadAsync(CancellationToken.None);
        await rows.NextResultAsync();
        await rows.ReadAsync();
        return (int)rows.GetInt64(0);
    }

    /// <summary>
    /// Removes up to <paramref name="limit"/> tasks of a hidden job or a lost upload, and the job's row with the last one; returns how many
    /// rows.
    /// </summary>
    public static async Task<int> ContinueAsync(PostgresSession session, long jobKey, int limit)
    {
        await using var batch = session.Batch()
            .Add(Hold, Value(jobKey)).Add(Abandon, Value(jobKey)).Add(RemovePiece, Value(jobKey), Value((long)limit));
        await using var rows = await batch.ReadAsync(CancellationToken.None);
        await rows.NextResultAsync();
        await rows.ReadAsync();
        return (int)rows.GetInt64(0);
    }

    /// <summary>Removes abandoned uploads, hidden jobs and unreferenced payloads in small steps; returns how many.</summary>
    public static async Task<int> CollectAsync(PostgresSession session, int limit, CancellationToken cancellationToken)
    {
        var count = 0;
        long[] uploads;
        await using (var look = session.Batch().Add(LostUploads, Value(limit)))
        await using (var rows = await look.ReadAsync(cancellationToken)) uploads = await PostgresRows.KeysAsync(rows);
        var tasks = TasksPerTransaction;
        foreach (var job in uploads)
        {
            if (tasks <= 0) break;
            var removed = await ContinueAsync(session, job, tasks);
            tasks -= removed;
            if (removed > 0) count++;
        }

        await using var batch = session.Batch().Add(RemoveUnreferenced, Value(limit));
        await using var unreferenced = await batch.ReadAsync(CancellationToken.None);
        return count + (int)(await PostgresRows.KeysAsync(unreferenced))[0];
    }
}
