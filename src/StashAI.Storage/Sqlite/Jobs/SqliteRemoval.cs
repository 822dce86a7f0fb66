using StashAI.Queue.Model.Tasks;
using StashAI.Storage.Payloads;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Records;
using StashAI.Storage.Sqlite.Units;

namespace StashAI.Storage.Sqlite.Jobs;

/// <summary>
/// Removes jobs in small transactions. A job is first hidden by turning it into an abandoned upload: no reader sees it, and it no longer
/// counts in the totals. Its rows are removed afterwards.
/// </summary>
internal static class SqliteRemoval
{
    /// <summary>How many tasks one transaction removes.</summary>
    public const int TasksPerTransaction = 1000;

    // After a jump of the clock, every lease may look expired although its owner is alive.
    private const string LostUploads = $"""
        SELECT j.id FROM queue_jobs j WHERE j.state = 6 /* Staging */
            AND NOT EXISTS (SELECT 1 FROM nodes n WHERE n.id = j.upload_node_id AND n.lease_until > {SqliteClock.Trusted}) LIMIT ?1
        """;

    // Only after the upload has ended: while its job exists, even without a lease, a chunk may still arrive.
    private const string Unreferenced = """
        SELECT p.id FROM payloads p WHERE p.refs = 0 AND p.segment_id IS NULL
            AND NOT EXISTS (SELECT 1 FROM queue_jobs j WHERE j.id = p.upload_job_id AND j.state = 6 /* Staging */) LIMIT ?1
        """;

    private const string Abandon = "UPDATE queue_jobs SET upload_node_id = NULL WHERE id = ?1 AND state = 6 /* Staging */";

    private const string Find = """
        SELECT service, state, single_task, completed, failed, cancelled FROM queue_jobs
        WHERE id = ?1 AND state IN (2, 3, 4, 5) /* the terminal states */ AND available + scheduled + running + retry_scope = 0
        """;

    private const string HideJob = """
        UPDATE queue_jobs SET state = 6 /* Staging */, upload_node_id = NULL, lane_id = 0, total = 0, completed = 0, failed = 0,
            cancelled = 0,
            payload_bytes = 0, finished_at = NULL, idempotency_key = NULL, request_hash = NULL, idempotency_until = NULL
        WHERE id = ?1
        """;

    private const string Border = "SELECT id FROM queue_tasks WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT 1 OFFSET ?3";

    private const string ReleasePayloads = """
        UPDATE payloads SET refs = refs - counted.n
        FROM (SELECT payload_id, COUNT(*) AS n FROM task_payloads WHERE task_id >= ?1 AND task_id < ?2 GROUP BY payload_id) AS counted
        WHERE payloads.id = counted.payload_id
        """;

    /// <summary>Hides an ended job; false for a job that is open or unknown.</summary>
    public static bool TryHide(SqliteSession session, SqliteUnit unit, long jobKey)
    {
        var row = session.Use(Find).Bind(1, jobKey);
        if (!row.Step()) return false;
        var (service, state, kind) = (row.Text(0), row.Int32(1), 1 + row.Int32(2));
        for (var i = 0; i < 3; i++) unit.Total(service, 0, (int)TaskState.Completed + i, -row.Int32(3 + i));
        row.Reset();
        unit.Total(service, kind, state, -1);
        session.Use(HideJob).Bind(1, jobKey).Run();
        return true;
    }

    /// <summary>Hides one job that is over; false for one that is not, or is gone.</summary>
    public static bool Hide(SqliteSession session, long jobKey)
    {
        var unit = new SqliteUnit(session);
        if (!TryHide(session, unit, jobKey)) return false;
        unit.Finish();
        return true;
    }

    /// <summary>
    /// Removes up to <paramref name="limit"/> tasks of a hidden job or a lost upload, and the job's row with the last one; returns how many
    /// rows.
    /// </summary>
    public static int Continue(SqliteSession session, long jobKey, int limit)
    {
        // From now on, the upload of this job, if there is one, finds that it was abandoned.
        if (session.Use(Abandon).Bind(1, jobKey).Run() == 0) return 0;
        var (from, end) = (TaskKey.From(jobKey, 0), TaskKey.From(jobKey + 1, 0));
        var border = session.Use(Border).Bind(1, from).Bind(2, end).Bind(3, limit).Scalar();
        var to = border ?? end;
        session.Use(ReleasePayloads).Bind(1, from).Bind(2, to).Run();
        session.Use("DELETE FROM task_payloads WHERE task_id >= ?1 AND task_id < ?2").Bind(1, from).Bind(2, to).Run();
        session.Use("DELETE FROM task_inputs WHERE task_id >= ?1 AND task_id < ?2").Bind(1, from).Bind(2, to).Run();
        session.Use("DELETE FROM task_results WHERE task_id >= ?1 AND task_id < ?2").Bind(1, from).Bind(2, to).Run();
        session.Use("DELETE FROM task_judgements WHERE task_id >= ?1 AND task_id < ?2").Bind(1, from).Bind(2, to).Run();
        session.Use("DELETE FROM task_derived WHERE task_id >= ?1 AND task_id < ?2").Bind(1, from).Bind(2, to).Run();
        session.Use("DELETE FROM task_subjects WHERE task_id >= ?1 AND task_id < ?2").Bind(1, from).Bind(2, to).Run();
        session.Use("DELETE FROM job_group_members WHERE task_id >= ?1 AND task_id < ?2").Bind(1, from).Bind(2, to).Run();
        session.Use("DELETE FROM task_attempts WHERE task_id >= ?1 AND task_id < ?2").Bind(1, from).Bind(2, to).Run();
        session.Use("DELETE FROM known_results WHERE task_id >= ?1 AND task_id < ?2").Bind(1, from).Bind(2, to).Run();
        session.Use("DELETE FROM result_waiters WHERE task_id >= ?1 AND task_id < ?2").Bind(1, from).Bind(2, to).Run();
        var removed = session.Use("DELETE FROM queue_tasks WHERE id >= ?1 AND id < ?2").Bind(1, from).Bind(2, to).Run();
        if (border is not null) return removed;
        session.Use("DELETE FROM job_errors WHERE job_id = ?1").Bind(1, jobKey).Run();
        session.Use("DELETE FROM job_failures WHERE job_id = ?1").Bind(1, jobKey).Run();
        session.Use("DELETE FROM job_labels WHERE job_id = ?1").Bind(1, jobKey).Run();
        session.Use("DELETE FROM job_aggregates WHERE job_id = ?1").Bind(1, jobKey).Run();
        session.Use("DELETE FROM job_rematches WHERE job_id = ?1").Bind(1, jobKey).Run();
        session.Use("DELETE FROM job_subjects WHERE job_id = ?1").Bind(1, jobKey).Run();
        session.Use("DELETE FROM subject_backlog WHERE job_id = ?1").Bind(1, jobKey).Run();
        session.Use(SqliteGroupings.Remove).Bind(1, jobKey).Run();
        session.Use(SqliteGroupings.RemoveGroups).Bind(1, jobKey).Run();
        session.Use(SqliteGroupings.RemoveMembers).Bind(1, jobKey).Run();
        session.Use(SqliteFileBatches.RemoveOfJob).Bind(1, jobKey).Run();
        session.Use(SqliteTimelines.RemoveSteps).Bind(1, jobKey).Run();
        session.Use(SqliteTimelines.RemoveEvents).Bind(1, jobKey).Run();
        session.Use("DELETE FROM queue_jobs WHERE id = ?1").Bind(1, jobKey).Run();
        return removed + 1;
    }

    /// <summary>
    /// Removes abandoned uploads, hidden jobs and unreferenced payloads in rows, in small steps; returns how many.
    /// </summary>
    public static int Collect(SqliteSession session, int limit)
    {
        var count = 0;
        var tasks = TasksPerTransaction;
        foreach (var job in Keys(session, LostUploads, limit))
        {
            if (tasks <= 0) break;
            var removed = Continue(session, job, tasks);
            tasks -= removed;
            if (removed > 0) count++;
        }

        foreach (var payload in Keys(session, Unreferenced, limit))
        {
            session.Use("DELETE FROM payload_chunks WHERE id >= ?1 AND id < ?2")
                .Bind(1, PayloadChunk.Key(payload, 0)).Bind(2, PayloadChunk.Key(payload + 1, 0)).Run();
            session.Use(SqlitePreviews.Remove).Bind(1, payload).Run();
            session.Use("DELETE FROM payloads WHERE id = ?1 AND refs = 0").Bind(1, payload).Run();
            count++;
        }

        return count;
    }

    private static List<long> Keys(SqliteSession session, string sql, int limit)
    {
        var keys = new List<long>();
        var rows = session.Use(sql).Bind(1, limit);
        while (rows.Step()) keys.Add(rows.Int64(0));
        return keys;
    }
}
