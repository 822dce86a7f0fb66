using Npgsql;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Failures;
using StashAI.Sdk;
using StashAI.Storage.Changes;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Units;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Jobs;

/// <summary>Cancels the waiting tasks of a job and flags its running ones.</summary>
internal static class PostgresCancel
{
    private const string UnfinishedCancel = "SELECT id FROM queue_jobs WHERE cancel_pending LIMIT 1";

    private const string StopClaims =
        "UPDATE queue_jobs SET cancelling = 1, retry_scope = 0 WHERE id = $1 AND state IN (0, 1) /* Pending, "
        + "Running */ RETURNING available + scheduled";

    private const string FlagRunning = """
        UPDATE queue_tasks SET cancel_requested = 1, version = version + 1
        WHERE id >= $1 AND id < $2 AND state = 2 /* Running */ AND cancel_requested = 0
        RETURNING id, version
        """;

    // Running tasks are below the job's cursor; nothing is read for a job that has none.
    private const string FlagRunningOfJob = """
        UPDATE queue_tasks SET cancel_requested = 1, version = version + 1
        WHERE id >= $1 << 24 AND state = 2 /* Running */ AND cancel_requested = 0
            AND id < ($1 << 24) + (SELECT next_ordinal FROM queue_jobs WHERE id = $1 AND cancelling = 1 AND is_running)
        RETURNING id, version
        """;

    // A person may have retried the job in the meantime; then its tasks must run. $8 is the condition that must still hold (EndCondition).
    private const string EndWaiting = $"""
        WITH waiting AS MATERIALIZED (
            SELECT id, state, requeued FROM queue_tasks
            WHERE id >= $2 AND id < $3 AND state IN (0, 1) /* Available, Scheduled */ AND EXISTS (
                SELECT 1 FROM queue_jobs WHERE id = $2 >> 24 AND state <> 6 /* Staging */
                    AND CASE $8::int WHEN 1 THEN cancelling = 1 WHEN 2 THEN deadline_at <= stashai_now() ELSE true END)
            ORDER BY id LIMIT $4),
        done AS (
            UPDATE queue_tasks t SET state = $5::int, version = t.version + 1, finished_at = (SELECT stashai_now()), due_at = NULL,
                requeued = 0, error_kind = $6::int, error_message = $7, fingerprint = $9
            FROM waiting w WHERE t.id = w.id
            RETURNING t.id, t.version, w.state AS was, w.requeued),
        changed AS (
            SELECT id, version, was, $5::int AS becomes, -(requeued & 1) AS requeued, 0.0::float8 AS ms, $6::int AS kind, $7::text AS message,
                NULL::int AS http_status, $9::bigint AS fingerprint, $10::text AS pattern FROM done)
        {PostgresUnit.Move} {PostgresUnit.Errors} {PostgresFailures.Add} {PostgresUnit.Changes}
        """;

    /// <summary>A job whose cancel was begun by a process that died in the middle.</summary>
    public static async Task<long?> FindUnfinishedCancelAsync(PostgresSession session, CancellationToken cancellationToken)
    {
        await using var look = session.Batch().Add(UnfinishedCancel);
        await using var rows = await look.ReadAsync(cancellationToken);
        return await PostgresRows.KeysAsync(rows) is [var key, ..] ? key : null;
    }

    /// <summary>
    /// Stops claims of a job, flags its running tasks and counts the waiting ones, which <see cref="CancelBatchAsync"/> cancels.
    /// </summary>
    public static async Task<CancelResult> BeginCancelJobAsync(PostgresSession session, long jobKey)
    {
        await using var batch = session.Batch().Add(StopClaims, Value(jobKey)).Add(FlagRunningOfJob, Value(jobKey));
        await using var rows = await batch.ReadAsync(CancellationToken.None);
        var waiting = await rows.ReadAsync() ? rows.GetInt32(0) : 0;
        return await FlaggedAsync(rows) with { Cancelled = waiting };
    }

    /// <summary>Cancels waiting tasks of a job, starting at a task; fewer than <paramref name="limit"/> means that none is left.</summary>
    public static async Task<(CancelResult Result, long Next)> CancelBatchAsync(
        PostgresSession session, long jobKey, long fromTaskKey, int limit)
    {
        var to = TaskKey.From(jobKey + 1, 0);
        var changes = await EndAsync(
            session, fromTaskKey, to, limit, TaskState.Cancelled, ErrorKind.Cancelled, OutcomeRules.CancelledBeforeRun,
            EndCondition.Cancelling);
        return (new CancelResult(changes.Tasks.Count, [], changes), changes.Tasks.Count == 0 ? to : changes.Tasks[^1].Key + 1);
    }

    public static async Task<CancelResult> CancelTaskAsync(PostgresSession session, long taskKey)
    {
        await using var batch = session.Batch()
            .Add(PostgresUnit.LockJobs, Value<long[]>([TaskKey.JobOf(taskKey)]))
            .Add(FlagRunning, Value(taskKey), Value(taskKey + 1));
        AddEnd(
            batch, taskKey, taskKey + 1, 1, TaskState.Cancelled, ErrorKind.Cancelled, OutcomeRules.CancelledBeforeRun, EndCondition.None);
        await using var rows = await batch.ReadAsync(CancellationToken.None);
        var running = await FlaggedAsync(rows);
        await rows.NextResultAsync();
        var changes = await PostgresUnit.ReadAsync(rows, CancellationToken.None);
        await PostgresBatch.EndAsync(rows, CancellationToken.None);
        return new CancelResult(changes.Tasks.Count, running.AbortRequested, ChangeSetBuilder.Join(running.Changes, changes));
    }

    /// <summary>Ends waiting tasks of one job.</summary>
    public static async Task<ChangeSet> EndAsync(
        PostgresSession session, long from, long to, int limit, TaskState state, ErrorKind kind, string message, EndCondition condition)
    {
        await using var batch = session.Batch().Add(PostgresUnit.LockJobs, Value<long[]>([TaskKey.JobOf(from)]));
        AddEnd(batch, from, to, limit, state, kind, message, condition);
        await using var rows = await batch.ReadAsync(CancellationToken.None);
        await rows.NextResultAsync();
        var changes = await PostgresUnit.ReadAsync(rows, CancellationToken.None);
        await PostgresBatch.EndAsync(rows, CancellationToken.None);
        return changes;
    }

    private static void AddEnd(
        PostgresBatch batch, long from, long to, int limit, TaskState state, ErrorKind kind, string message, EndCondition condition)
    {
        var failure = state == TaskState.Failed ? Failure.Of(kind, null, message) : null;
        batch.Add(
            EndWaiting, Value(0L), Value(from), Value(to), Value(limit), Value((int)state), Value((int)kind), Text(message),
                Value((int)condition),
            OrNull(failure?.Fingerprint), Text(failure?.Pattern));
    }

    private static async Task<CancelResult> FlaggedAsync(NpgsqlDataReader rows)
    {
        await rows.NextResultAsync();
        var changes = new List<TaskChange>();
        while (await rows.ReadAsync()) changes.Add(new TaskChange(rows.GetInt64(0), rows.GetInt32(1), TaskState.Running));
        changes.Sort((a, b) => a.Key.CompareTo(b.Key));
        return changes.Count == 0
            ? new CancelResult(0, [], ChangeSet.Empty)
            : new CancelResult(0, changes.ConvertAll(task => task.Key), new ChangeSet(changes, []));
    }
}
