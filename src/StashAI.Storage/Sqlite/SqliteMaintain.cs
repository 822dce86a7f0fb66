using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Tasks;
using StashAI.Storage.Uploads;

namespace StashAI.Storage.Sqlite;

/// <summary>Upkeep: due tasks, tasks of dead nodes, what broken uploads left.</summary>
internal static class SqliteMaintain
{
    /// <summary>How many tasks one transaction removes.</summary>
    public const int RemovedTasks = 1000;

    public const string NextDue = "SELECT MIN(due_at) FROM queue_tasks WHERE state = 1";

    private const string Promote = """
        UPDATE queue_tasks SET state = 0, requeued = MAX(requeued, 1), version = version + 1, due_at = NULL
        WHERE id IN (SELECT id FROM queue_tasks WHERE state = 1 AND due_at <= stashai_now() ORDER BY due_at LIMIT ?1)
        RETURNING id, version, requeued
        """;

    /// <summary>Jobs whose cancel was accepted by a process that did not live to finish it.</summary>
    public const string UnfinishedCancels = "SELECT id FROM queue_jobs WHERE cancelling = 1 AND available + scheduled > 0 LIMIT 1";

    // After a step of the clock every lease may look over although its owner lives.
    private const string LostUploads = $"""
        SELECT j.id FROM queue_jobs j WHERE j.state = 6
            AND NOT EXISTS (SELECT 1 FROM nodes n WHERE n.id = j.upload_node_id AND n.lease_until > {SqliteClock.Trusted}) LIMIT ?1
        """;

    private const string Unreferenced = $"""
        SELECT p.id FROM payloads p WHERE p.refs = 0 AND NOT EXISTS (
            SELECT 1 FROM queue_jobs j JOIN nodes n ON n.id = j.upload_node_id
            WHERE j.id = p.upload_job_id AND j.state = 6 AND n.lease_until > {SqliteClock.Trusted}) LIMIT ?1
        """;

    public static ChangeSet PromoteDue(SqliteSession session, int limit)
    {
        var unit = new SqliteUnit(session);
        SqliteDeadlines.StartDue(session, unit, limit);
        var rows = session.Use(Promote).Bind(1, limit);
        while (rows.Step())
        {
            var delta = unit.Job(TaskKey.JobOf(rows.Int64(0)));
            delta.Move(TaskState.Scheduled, TaskState.Available);
            if (rows.Int32(2) == 1) delta.Requeued++;
            unit.Changed(rows.Int64(0), rows.Int32(1), TaskState.Available);
        }

        return unit.Finish();
    }

    public static int Collect(SqliteSession session, int limit)
    {
        var count = 0;
        var tasks = RemovedTasks;
        foreach (var job in Keys(session, LostUploads, limit))
        {
            if (tasks <= 0) break;
            var removed = SqliteRemoval.Continue(session, job, tasks);
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
