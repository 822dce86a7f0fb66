using Npgsql;
using StashAI.Queue.Model.Changes;
using static StashAI.Storage.Postgres.PostgresBatch;

namespace StashAI.Storage.Postgres;

/// <summary>Upkeep: due tasks, tasks of dead nodes, what broken uploads left. Each call first looks without a lock whether there is anything to do.</summary>
internal static class PostgresMaintain
{
    /// <summary>How many tasks one call removes.</summary>
    public const int RemovedTasks = 1000;

    private const string NextDue = """
        SELECT LEAST((SELECT MIN(due_at) FROM queue_tasks WHERE due_at IS NOT NULL), (SELECT MIN(start_at) FROM queue_jobs WHERE waiting = 1))
        """;

    private const string DueNow = "SELECT id FROM queue_tasks WHERE due_at <= stashai_now() ORDER BY due_at LIMIT $1";

    private const string Promote = $"""
        WITH done AS (
            UPDATE queue_tasks SET state = 0, requeued = CASE WHEN crashes > 1 THEN 2 ELSE 1 END, version = version + 1, due_at = NULL
            WHERE id = ANY ($2) AND state = 1 AND due_at <= stashai_now()
            RETURNING id, version, requeued),
        changed AS (SELECT id, version, 1 AS was, 0 AS becomes, requeued & 1 AS requeued, 0.0::float8 AS ms FROM done)
        {PostgresUnit.Move} {PostgresUnit.Changes}
        """;

    private const string UnfinishedCancel = "SELECT id FROM queue_jobs WHERE cancel_pending LIMIT 1";

    // After a step of the clock every lease may look over although its owner lives.
    private const string LostUploads = $"""
        SELECT j.id FROM queue_jobs j WHERE j.state = 6
            AND NOT EXISTS (SELECT 1 FROM nodes n WHERE n.id = j.upload_node_id AND n.lease_until > {PostgresClock.Trusted} AND n.rescued = 0) LIMIT $1
        """;

    // Only when the upload is over: while its job exists, even without a lease, a piece may be on its way.
    private const string RemoveUnreferenced = """
        WITH gone AS (
            DELETE FROM payloads WHERE refs = 0 AND id = ANY (ARRAY (
                SELECT p.id FROM payloads p
                WHERE p.refs = 0 AND NOT EXISTS (SELECT 1 FROM queue_jobs j WHERE j.id = p.upload_job_id AND j.state = 6) LIMIT $1))
            RETURNING id),
        chunks AS (DELETE FROM payload_chunks c USING gone g WHERE c.id >= g.id << 16 AND c.id < (g.id + 1) << 16),
        previews AS (DELETE FROM payload_previews v USING gone g WHERE v.payload_id = g.id)
        SELECT COUNT(*) FROM gone
        """;

    public static async Task<(ChangeSet Changes, DateTimeOffset? NextDue)> PromoteDueAsync(
        PostgresSession session, int limit, CancellationToken cancellationToken)
    {
        long[] due;
        long[] starts;
        await using (var look = session.Batch().Add(PostgresDeadlines.DueStarts, Value(limit)).Add(DueNow, Value(limit)).Add(NextDue))
        await using (var rows = await look.ReadAsync(cancellationToken))
        {
            starts = await KeysAsync(rows);
            await rows.NextResultAsync(cancellationToken);
            due = await KeysAsync(rows);
            if (due.Length + starts.Length == 0) return (ChangeSet.Empty, await DueAsync(rows));
        }

        var started = starts.Length == 0 ? ChangeSet.Empty : await PostgresDeadlines.StartAsync(session, starts);
        await using var batch = session.Batch()
            .Add(PostgresUnit.LockJobs, Value(PostgresUnit.JobsOf(due)))
            .Add(Promote, Value(0L), Value(due))
            .Add(NextDue);
        await using var done = await batch.ReadAsync(CancellationToken.None);
        await done.NextResultAsync(CancellationToken.None);
        var changes = await PostgresUnit.ReadAsync(done, CancellationToken.None);
        return (PostgresUnit.Join(started, changes), await DueAsync(done));
    }

    /// <summary>A job whose cancel was accepted by a process that did not live to finish it.</summary>
    public static async Task<long?> FindUnfinishedCancelAsync(PostgresSession session, CancellationToken cancellationToken)
    {
        await using var look = session.Batch().Add(UnfinishedCancel);
        await using var rows = await look.ReadAsync(cancellationToken);
        return await KeysAsync(rows) is [var key, ..] ? key : null;
    }

    public static async Task<int> CollectAsync(PostgresSession session, int limit, CancellationToken cancellationToken)
    {
        var count = 0;
        long[] uploads;
        await using (var look = session.Batch().Add(LostUploads, Value(limit)))
        await using (var rows = await look.ReadAsync(cancellationToken)) uploads = await KeysAsync(rows);
        var tasks = RemovedTasks;
        foreach (var job in uploads)
        {
            if (tasks <= 0) break;
            var removed = await PostgresRemoval.ContinueAsync(session, job, tasks);
            tasks -= removed;
            if (removed > 0) count++;
        }

        await using var batch = session.Batch().Add(RemoveUnreferenced, Value(limit));
        await using var unreferenced = await batch.ReadAsync(CancellationToken.None);
        return count + (int)(await KeysAsync(unreferenced))[0];
    }

    public static async Task<long[]> KeysAsync(NpgsqlDataReader rows)
    {
        var keys = new List<long>();
        while (await rows.ReadAsync()) keys.Add(rows.GetInt64(0));
        return [.. keys];
    }

    private static async Task<DateTimeOffset?> DueAsync(NpgsqlDataReader rows)
    {
        await rows.NextResultAsync();
        DateTimeOffset? due = await rows.ReadAsync() && !rows.IsDBNull(0) ? DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(0)) : null;
        await EndAsync(rows, CancellationToken.None);
        return due;
    }
}
