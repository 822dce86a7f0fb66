using Npgsql;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Failures;
using StashAI.Sdk;
using StashAI.Storage.Changes;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Units;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Upkeep;

/// <summary>
/// Makes the tasks of lost nodes available again. All of them count as crashes, unless the node left or came back, because it is not known
/// which calls had begun (docs/adr/0010).
/// </summary>
internal static class PostgresRescue
{
    private const string LostNodes =
        "SELECT id FROM nodes WHERE rescued = 0 AND lease_until <= stashai_now() AND (in_order = 1 OR $1::boolean) ORDER BY id";

    // Does not wait for locks: a claim or rescue in progress will have ended before the next run.
    private const string HoldLostNode =
        "SELECT id FROM nodes WHERE id = $1 AND rescued = 0 AND lease_until <= stashai_now() FOR UPDATE SKIP LOCKED";

    // Waits for a claim in progress.
    private const string HoldNode = "SELECT id FROM nodes WHERE id = $1 AND rescued = 0 FOR UPDATE";

    private const string RunningOn = """
        SELECT t.id, t.fence FROM queue_jobs j CROSS JOIN LATERAL (
            SELECT id, fence FROM queue_tasks
            WHERE id >= j.id << 24 AND id < (j.id << 24) + j.next_ordinal AND state = 2 /* Running */ AND node_id = $1
                ORDER BY id LIMIT $2) AS t
        WHERE j.is_running LIMIT $2
        """;

    // One guarded statement (S7): only tasks of a node whose lease has expired, or that asks itself ($12). A late result must
    // find that its claim is no longer valid. $4 to $6: the events LoseLease, Poison and Release; $7, $8: the kinds Cancelled and
    // Poisoned; $9: the number of crashes that makes a task a suspect; $10, $11: messages.
    private const string TakeBack = $"""
        WITH lost AS MATERIALIZED (
            SELECT t.id, fence, attempt, t.started_at, cancel_requested, crashes,
                CASE WHEN n.in_order = 1 OR $12::boolean THEN $6::int
                    WHEN crashes >= $9 AND cancel_requested = 0 THEN $5::int ELSE $4::int END AS event
            FROM queue_tasks t JOIN nodes n ON n.id = $3
            WHERE t.id = ANY ($2) AND state = 2 /* Running */ AND node_id = $3
                AND n.rescued = 0 AND (lease_until <= stashai_now() OR $12::boolean)),
        saved AS (
            INSERT INTO task_attempts (task_id, fence, attempt, node_id, started_at, ended_at, event, error_kind, error_message)
            SELECT id, fence, attempt, $3, started_at, stashai_now(), event, CASE WHEN event = $5 THEN $8::int ELSE 0 END,
                CASE WHEN event = $5 THEN $10 ELSE $11 END
            FROM lost WHERE event <> $6
            ON CONFLICT (task_id, fence) DO NOTHING),
        done AS (
            UPDATE queue_tasks t SET
                state = CASE WHEN l.cancel_requested = 1 THEN 5 WHEN l.event = $5 THEN 4 ELSE 0 END,
                error_kind = CASE WHEN l.cancel_requested = 1 THEN $7::int WHEN l.event = $5 THEN $8::int ELSE 0 END,
                error_message = CASE WHEN l.event = $5 THEN $10 END,
                finished_at = CASE WHEN l.cancel_requested = 1 OR l.event = $5 THEN stashai_now() END,
                requeued = CASE WHEN l.cancel_requested = 1 OR l.event = $5 THEN 0
                    WHEN l.crashes + CASE WHEN l.event = $6 THEN 0 ELSE 1 END >= $9 THEN 2 ELSE 1 END,
                version = t.version + 1,
                attempt = t.attempt - CASE WHEN l.event = $5 THEN 0 ELSE 1 END,
                crashes = t.crashes + CASE WHEN l.event = $6 THEN 0 ELSE 1 END,
                cancel_requested = 0, node_id = NULL,
                fingerprint = CASE WHEN l.cancel_requested = 0 AND l.event = $5 THEN $13::bigint END
            FROM lost l WHERE t.id = l.id
            RETURNING t.id, t.version, t.state, t.requeued, t.error_kind, t.error_message, t.fingerprint),
        changed AS (
            SELECT id, version, 2 /* Running */ AS was, state AS becomes, requeued & 1 AS requeued, 0.0::float8 AS ms, error_kind AS kind,
                error_message AS message, NULL::int AS http_status, fingerprint, $14::text AS pattern FROM done)
        {PostgresUnit.Move} {PostgresUnit.Errors} {PostgresFailures.Add} {PostgresUnit.Changes}
        """;

    private const string CloseNode = "UPDATE nodes SET rescued = 1 WHERE id = $1";

    // A process that restarts every minute must not leave its share of the totals behind forever.
    private const string FoldTotals = """
        WITH gone AS (DELETE FROM totals WHERE node_id = $1 RETURNING service, kind, state, count)
        INSERT INTO totals (service, kind, state, node_id, count) SELECT service, kind, state, 0, count FROM gone ORDER BY 1, 2, 3
        ON CONFLICT (service, kind, state, node_id) DO UPDATE SET count = totals.count + excluded.count
        """;

    public static async Task<ChangeSet> RunAsync(PostgresSession session, int limit, RescueScope scope, CancellationToken cancellationToken)
    {
        long[] nodes;
        await using (var look = session.Batch().Add(LostNodes, Value(scope == RescueScope.Expired)))
        await using (var rows = await look.ReadAsync(cancellationToken)) nodes = await PostgresRows.KeysAsync(rows);
        var changes = ChangeSet.Empty;
        foreach (var node in nodes)
        {
            var left = limit - changes.Tasks.Count;
            if (left <= 0) break;
            changes = ChangeSetBuilder.Join(changes, await RescueNodeAsync(session, node, left));
        }

        return changes;
    }

    /// <summary>Makes tasks available again that a live node does not know it has claimed.</summary>
    public static async Task<ChangeSet> ReleaseUnknownAsync(
        PostgresSession session, long node, IReadOnlySet<(long TaskKey, int Fence)> known)
    {
        var held = await HoldAsync(session, HoldNode, node, int.MaxValue);
        long[] unknown = held is null ? [] : [.. held.Where(task => !known.Contains(task)).Select(task => task.Key)];
        if (unknown.Length == 0) return await RollBackAsync(session);
        await using var batch = session.Batch();
        AddTakeBack(batch, node, unknown, isAlive: true);
        return await FinishAsync(batch);
    }

    private static async Task<ChangeSet> RescueNodeAsync(PostgresSession session, long node, int limit)
    {
        if (await HoldAsync(session, HoldLostNode, node, limit) is not { } held) return await RollBackAsync(session);
        await using var batch = session.Batch();
        AddTakeBack(batch, node, [.. held.Select(task => task.Key)], isAlive: false);
        if (held.Count < limit) batch.Add(CloseNode, Value(node)).Add(FoldTotals, Value(node));
        return await FinishAsync(batch);
    }

    /// <summary>Begins a transaction that locks the node, and reads its running tasks; null when the node cannot be locked.</summary>
    private static async Task<List<(long Key, int Fence)>?> HoldAsync(PostgresSession session, string how, long node, int limit)
    {
        await using var hold = session.Batch().Add(Begin).Add(how, Value(node)).Add(RunningOn, Value(node), Value(limit));
        await using var rows = await hold.ReadAsync(CancellationToken.None);
        var isHeld = await rows.ReadAsync();
        await rows.NextResultAsync();
        var held = new List<(long, int)>();
        while (await rows.ReadAsync()) held.Add((rows.GetInt64(0), rows.GetInt32(1)));
        await EndAsync(rows, CancellationToken.None);
        return isHeld ? held : null;
    }

    private static void AddTakeBack(PostgresBatch batch, long node, long[] tasks, bool isAlive)
    {
        var poisoned = Failure.Of(ErrorKind.Poisoned, null, Quarantine.PoisonedMessage);
        batch.Add(PostgresUnit.LockJobs, Value(PostgresUnit.JobsOf(tasks))).Add(
            TakeBack, Value(0L), Value(tasks), Value(node), Value((int)TaskEvent.LoseLease), Value((int)TaskEvent.Poison),
            Value((int)TaskEvent.Release), Value((int)ErrorKind.Cancelled), Value((int)ErrorKind.Poisoned),
                Value(Quarantine.SuspectCrashes),
            Text(Quarantine.PoisonedMessage), Text(Quarantine.LostMessage), Value(isAlive),
            Value(poisoned.Fingerprint), Text(poisoned.Pattern));
    }

    private static async Task<ChangeSet> FinishAsync(PostgresBatch batch)
    {
        batch.Add(Commit);
        await using var done = await batch.ReadAsync(CancellationToken.None);
        await done.NextResultAsync(CancellationToken.None);
        var changes = await PostgresUnit.ReadAsync(done, CancellationToken.None);
        await EndAsync(done, CancellationToken.None);
        return changes;
    }

    private static async Task<ChangeSet> RollBackAsync(PostgresSession session)
    {
        await using var nothing = session.Batch().Add(Rollback);
        await nothing.RunAsync(CancellationToken.None);
        return ChangeSet.Empty;
    }
}
