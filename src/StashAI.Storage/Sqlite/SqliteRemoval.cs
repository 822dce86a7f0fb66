using StashAI.Queue.Model.Tasks;

namespace StashAI.Storage.Sqlite;

/// <summary>
/// Removes jobs in small transactions. One that goes is hidden first, as an upload that nobody goes on with: no reader sees it and
/// its totals are gone at once; its rows follow.
/// </summary>
internal static class SqliteRemoval
{
    private const string Abandon = "UPDATE queue_jobs SET upload_node_id = NULL WHERE id = ?1 AND state = 6";

    private const string Find = """
        SELECT service, state, single_task, completed, failed, cancelled FROM queue_jobs
        WHERE id = ?1 AND state IN (2, 3, 4, 5) AND available + scheduled + running + retry_scope = 0
        """;

    private const string Hide = """
        UPDATE queue_jobs SET state = 6, upload_node_id = NULL, lane_id = 0, total = 0, completed = 0, failed = 0, cancelled = 0,
            payload_bytes = 0, finished_at = NULL, idempotency_key = NULL, request_hash = NULL, idempotency_until = NULL
        WHERE id = ?1
        """;

    private const string Border = "SELECT id FROM queue_tasks WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT 1 OFFSET ?3";

    private const string ReleasePayloads = """
        UPDATE payloads SET refs = refs - counted.n
        FROM (SELECT payload_id, COUNT(*) AS n FROM task_payloads WHERE task_id >= ?1 AND task_id < ?2 GROUP BY payload_id) AS counted
        WHERE payloads.id = counted.payload_id
        """;

    /// <summary>Hides a job that is over; false for one that is not, or is gone.</summary>
    public static bool TryHide(SqliteSession session, SqliteUnit unit, long jobKey)
    {
        var row = session.Use(Find).Bind(1, jobKey);
        if (!row.Step()) return false;
        var (service, state, kind) = (row.Text(0), row.Int32(1), 1 + row.Int32(2));
        for (var i = 0; i < 3; i++) unit.Total(service, 0, (int)TaskState.Completed + i, -row.Int32(3 + i));
        row.Reset();
        unit.Total(service, kind, state, -1);
        session.Use(Hide).Bind(1, jobKey).Run();
        return true;
    }

    /// <summary>Removes up to so many tasks of a hidden job or a lost upload, the job's row with the last; says how many rows it took.</summary>
    public static int Continue(SqliteSession session, long jobKey, int limit)
    {
        // From now on its upload, if there is one, finds that it was given up.
        if (session.Use(Abandon).Bind(1, jobKey).Run() == 0) return 0;
        var (from, end) = (TaskKey.From(jobKey, 0), TaskKey.From(jobKey + 1, 0));
        var border = session.Use(Border).Bind(1, from).Bind(2, end).Bind(3, limit).Scalar();
        var to = border ?? end;
        session.Use(ReleasePayloads).Bind(1, from).Bind(2, to).Run();
        session.Use("DELETE FROM task_payloads WHERE task_id >= ?1 AND task_id < ?2").Bind(1, from).Bind(2, to).Run();
        session.Use("DELETE FROM task_inputs WHERE task_id >= ?1 AND task_id < ?2").Bind(1, from).Bind(2, to).Run();
        session.Use("DELETE FROM task_results WHERE task_id >= ?1 AND task_id < ?2").Bind(1, from).Bind(2, to).Run();
        session.Use("DELETE FROM task_attempts WHERE task_id >= ?1 AND task_id < ?2").Bind(1, from).Bind(2, to).Run();
        var removed = session.Use("DELETE FROM queue_tasks WHERE id >= ?1 AND id < ?2").Bind(1, from).Bind(2, to).Run();
        if (border is not null) return removed;
        session.Use("DELETE FROM job_errors WHERE job_id = ?1").Bind(1, jobKey).Run();
        session.Use("DELETE FROM job_aggregates WHERE job_id = ?1").Bind(1, jobKey).Run();
        session.Use("DELETE FROM queue_jobs WHERE id = ?1").Bind(1, jobKey).Run();
        return removed + 1;
    }
}
