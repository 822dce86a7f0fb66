using Npgsql;
using StashAI.Queue.Model;
using StashAI.Sdk;
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
            UPDATE queue_tasks SET state = 0, requeued = 1, version = version + 1, due_at = NULL
            WHERE id = ANY ($2) AND state = 1 AND due_at <= stashai_now()
            RETURNING id, version),
        changed AS (SELECT id, version, 1 AS was, 0 AS becomes, 1 AS requeued, 0.0::float8 AS ms FROM done)
        {PostgresUnit.Move} {PostgresUnit.Changes}
        """;

    private const string LostNodes = "SELECT id FROM nodes WHERE rescued = 0 AND lease_until <= stashai_now() ORDER BY id";

    // Waits for nobody: a claim or a rescue that is under way is over before the next turn.
    private const string HoldLostNode =
        "SELECT id FROM nodes WHERE id = $1 AND rescued = 0 AND lease_until <= stashai_now() FOR UPDATE SKIP LOCKED";

    private const string RunningOn = """
        SELECT t.id FROM queue_jobs j CROSS JOIN LATERAL (
            SELECT id FROM queue_tasks
            WHERE id >= j.id << 24 AND id < (j.id << 24) + j.next_ordinal AND state = 2 AND node_id = $1 ORDER BY id LIMIT $2) AS t
        WHERE j.is_running LIMIT $2
        """;

    // One guarded statement (S7): only tasks of a node whose lease is over. A result that comes late must find that the claim is no
    // longer its own.
    private const string TakeBack = $"""
        WITH lost AS MATERIALIZED (
            SELECT id, fence, attempt, started_at, cancel_requested FROM queue_tasks
            WHERE id = ANY ($2) AND state = 2 AND node_id = $3
                AND EXISTS (SELECT 1 FROM nodes WHERE nodes.id = $3 AND rescued = 0 AND lease_until <= stashai_now())),
        saved AS (
            INSERT INTO task_attempts (task_id, fence, attempt, node_id, started_at, ended_at, event, error_kind, error_message)
            SELECT id, fence, attempt, $3, started_at, stashai_now(), $4, 0, 'The process that ran it was lost.' FROM lost
            ON CONFLICT (task_id, fence) DO NOTHING),
        done AS (
            UPDATE queue_tasks t SET
                state = CASE WHEN l.cancel_requested = 1 THEN 5 ELSE 0 END,
                error_kind = CASE WHEN l.cancel_requested = 1 THEN $5 ELSE 0 END,
                finished_at = CASE WHEN l.cancel_requested = 1 THEN stashai_now() END,
                requeued = 1 - l.cancel_requested, version = t.version + 1, attempt = t.attempt - 1, crashes = t.crashes + 1,
                cancel_requested = 0, node_id = NULL
            FROM lost l WHERE t.id = l.id
            RETURNING t.id, t.version, t.state, t.requeued),
        changed AS (SELECT id, version, 2 AS was, state AS becomes, requeued, 0.0::float8 AS ms FROM done)
        {PostgresUnit.Move} {PostgresUnit.Changes}
        """;

    private const string CloseNode = "UPDATE nodes SET rescued = 1 WHERE id = $1";

    // A process that starts every minute must not leave its share of the totals behind for ever.
    private const string FoldTotals = """
        WITH gone AS (DELETE FROM totals WHERE node_id = $1 RETURNING service, kind, state, count)
        INSERT INTO totals (service, kind, state, node_id, count) SELECT service, kind, state, 0, count FROM gone ORDER BY 1, 2, 3
        ON CONFLICT (service, kind, state, node_id) DO UPDATE SET count = totals.count + excluded.count
        """;

    private const string UnfinishedCancel = "SELECT id FROM queue_jobs WHERE cancel_pending LIMIT 1";

    private const string LostUploads = """
        SELECT j.id FROM queue_jobs j WHERE j.state = 6
            AND NOT EXISTS (SELECT 1 FROM nodes n WHERE n.id = j.upload_node_id AND n.lease_until > stashai_now() AND n.rescued = 0) LIMIT $1
        """;

    // Only when the upload is over: while its job exists, even without a lease, a piece may be on its way.
    private const string RemoveUnreferenced = """
        WITH gone AS (
            DELETE FROM payloads WHERE refs = 0 AND id = ANY (ARRAY (
                SELECT p.id FROM payloads p
                WHERE p.refs = 0 AND NOT EXISTS (SELECT 1 FROM queue_jobs j WHERE j.id = p.upload_job_id AND j.state = 6) LIMIT $1))
            RETURNING id),
        chunks AS (DELETE FROM payload_chunks c USING gone g WHERE c.id >= g.id << 16 AND c.id < (g.id + 1) << 16)
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

    public static async Task<ChangeSet> RescueAsync(PostgresSession session, int limit, CancellationToken cancellationToken)
    {
        long[] nodes;
        await using (var look = session.Batch().Add(LostNodes))
        await using (var rows = await look.ReadAsync(cancellationToken)) nodes = await KeysAsync(rows);
        var changes = ChangeSet.Empty;
        foreach (var node in nodes)
        {
            var left = limit - changes.Tasks.Count;
            if (left <= 0) break;
            changes = PostgresUnit.Join(changes, await RescueNodeAsync(session, node, left));
        }

        return changes;
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

    private static async Task<ChangeSet> RescueNodeAsync(PostgresSession session, long node, int limit)
    {
        long[]? tasks;
        await using (var hold = session.Batch().Add(Begin).Add(HoldLostNode, Value(node)).Add(RunningOn, Value(node), Value(limit)))
        await using (var rows = await hold.ReadAsync(CancellationToken.None))
        {
            var isHeld = await rows.ReadAsync();
            await rows.NextResultAsync();
            tasks = isHeld ? await KeysAsync(rows) : null;
            await EndAsync(rows, CancellationToken.None);
        }

        if (tasks is null)
        {
            await using var nothing = session.Batch().Add(Rollback);
            await nothing.RunAsync(CancellationToken.None);
            return ChangeSet.Empty;
        }

        await using var batch = session.Batch()
            .Add(PostgresUnit.LockJobs, Value(PostgresUnit.JobsOf(tasks)))
            .Add(TakeBack, Value(0L), Value(tasks), Value(node), Value((int)TaskEvent.LoseLease), Value((int)ErrorKind.Cancelled));
        if (tasks.Length < limit) batch.Add(CloseNode, Value(node)).Add(FoldTotals, Value(node));
        batch.Add(Commit);
        await using var done = await batch.ReadAsync(CancellationToken.None);
        await done.NextResultAsync(CancellationToken.None);
        var changes = await PostgresUnit.ReadAsync(done, CancellationToken.None);
        await EndAsync(done, CancellationToken.None);
        return changes;
    }

    private static async Task<long[]> KeysAsync(NpgsqlDataReader rows)
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
