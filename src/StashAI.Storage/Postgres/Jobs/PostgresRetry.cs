using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Policies;
using StashAI.Sdk;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Units;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Jobs;

/// <summary>
/// Retries by people. The retry of a whole job and its progress are stored in the job's row, so that it visits each task once and any
/// process can continue it.
/// </summary>
internal static class PostgresRetry
{
    /// <summary>How many tasks one transaction reads: in a large job, few of them may have failed.</summary>
    private const int Window = 20_000;

    private const string Unfinished = "SELECT id FROM queue_jobs WHERE retry_scope > 0 LIMIT 1";

    // Of jobs of which some failures were retried or skipped in steps, by a bulk operation that is over.
    private const string FinishLeft = """
        UPDATE queue_jobs SET retry_steps = 0 WHERE id = ANY (ARRAY (
            SELECT id FROM queue_jobs WHERE retry_steps > 0 ORDER BY id FOR NO KEY UPDATE SKIP LOCKED))
            AND NOT EXISTS (SELECT 1 FROM bulk_operations WHERE state = 0 /* Running */ AND action IN (1, 7) /* Retry, Skip */)
        """;

    private const string BeginSteps = "UPDATE queue_jobs SET retry_steps = 1 WHERE id = $1";

    // A skip ends nothing that was open, so one of a job that has ended is not noted as another end.
    private const string BeginSkip = "UPDATE queue_jobs SET retry_steps = 1 WHERE id = $1 AND state IN (0, 1) /* Pending, Running */";

    private const string FinishSteps = "UPDATE queue_jobs SET retry_steps = 0 WHERE id = $1 AND retry_steps > 0";

    // Clients of another API were told that it has ended, and may have read its files. One of which some tasks are retried has not.
    private const string IsEndedBatch = """
        (state IN (2, 3, 4, 5) /* the terminal states */ AND retry_scope = 0 AND retry_steps = 0
            AND EXISTS (SELECT 1 FROM file_batches b WHERE b.job_id = queue_jobs.id))
        """;

    private const string ReadJob = $"""
        SELECT next_ordinal, total, retry_scope::int, retry_next,
            available + scheduled > 0 AND (cancelling = 1 OR COALESCE(deadline_at <= stashai_now(), false))
        FROM queue_jobs WHERE id = $1 AND state <> 6 /* Staging */ AND NOT {IsEndedBatch}
        """;

    private const string BeginRetry = $"""
        UPDATE queue_jobs SET retry_scope = GREATEST(retry_scope, $2::smallint), retry_next = 0
        WHERE id = $1 AND failed + CASE $2::smallint WHEN 2 THEN cancelled ELSE 0 END > 0
            AND NOT (available + scheduled > 0 AND (cancelling = 1 OR COALESCE(deadline_at <= stashai_now(), false)))
            AND NOT {IsEndedBatch}
        RETURNING failed + CASE $2::smallint WHEN 2 THEN cancelled ELSE 0 END
        """;

    private const string Advance = "UPDATE queue_jobs SET retry_scope = $2, retry_next = $3 WHERE id = $1";

    // The cancel or deadline no longer applies: a person wants the task to run.
    private const string Reopen = """
        UPDATE queue_jobs SET cancelling = 0, trim_next = 0, deadline_at = CASE WHEN deadline_at > stashai_now() THEN deadline_at END
        WHERE id = $1 AND EXISTS (SELECT 1 FROM queue_tasks t WHERE t.id >= $2 AND t.id < $3 AND (t.state = 4 /* Failed */ OR t.state = $4)
            AND ($5::bigint IS NULL OR t.fingerprint = $5) AND ($6::int IS NULL OR t.error_kind = $6)
            AND ($7::bigint IS NULL OR t.finished_at <= $7))
        """;

    // The node is kept: a repeated result is still recognized as the last claim's. A task past the cursor was never claimed:
    // the cursor will reach it.
    private const string MakeAvailable = $"""
        WITH closed AS MATERIALIZED (
            SELECT id, state, error_kind, fingerprint FROM queue_tasks WHERE id >= $2 AND id < $3 AND (state = 4 /* Failed */
                OR state = $4) AND ($7::bigint IS NULL OR fingerprint = $7)
                AND ($8::int IS NULL OR error_kind = $8) AND ($9::bigint IS NULL OR finished_at <= $9) ORDER BY id LIMIT $5),
        done AS (
            UPDATE queue_tasks t SET state = 0 /* Available */, version = t.version + 1, attempt = 0, crashes = 0, cancel_requested = 0,
                requeued = CASE WHEN (t.id & 16777215) < $6 THEN 1 ELSE 0 END, due_at = NULL, throttled_since = NULL, started_at = NULL,
                finished_at = NULL, processing_ms = NULL, http_status = NULL, error_kind = 0, error_message = NULL,
                fingerprint = NULL
            FROM closed e WHERE t.id = e.id
            RETURNING t.id, t.version, e.state AS was, t.requeued, e.error_kind AS kind, e.fingerprint),
        changed AS (
            SELECT id, version, was, 0 /* Available */ AS becomes, requeued, 0.0::float8 AS ms, kind, NULL::text AS message, fingerprint
            FROM done)
        {PostgresUnit.Move} {PostgresUnit.Errors} {PostgresFailures.TakeBack} {PostgresUnit.Changes}
        """;

    private const string Edit = """
        INSERT INTO task_inputs (task_id, input, first_input) VALUES ($1, $2, ''::bytea)
        ON CONFLICT (task_id) DO UPDATE SET first_input = COALESCE(task_inputs.first_input, task_inputs.input), input = excluded.input
        """;

    // The message says why it is not run any more, and why it failed.
    private const string Skip = $"""
        WITH closed AS MATERIALIZED (
            SELECT id, error_kind, fingerprint FROM queue_tasks
            WHERE id >= $2 AND id < $3 AND state = 4 /* Failed */ AND ($5::bigint IS NULL OR fingerprint = $5)
                AND ($8::int IS NULL OR error_kind = $8) AND ($9::bigint IS NULL OR finished_at <= $9) ORDER BY id LIMIT $4),
        done AS (
            UPDATE queue_tasks t SET state = 5 /* Cancelled */, version = t.version + 1, error_kind = $6::int,
                error_message = $7 || COALESCE(t.error_message, ''), fingerprint = NULL
            FROM closed e WHERE t.id = e.id
            RETURNING t.id, t.version, e.error_kind AS kind, e.fingerprint),
        changed AS (
            SELECT id, version, 4 /* Failed */ AS was, 5 /* Cancelled */ AS becomes, 0 AS requeued, 0.0::float8 AS ms, kind,
                NULL::text AS message, fingerprint
            FROM done)
        {PostgresUnit.Move} {PostgresUnit.Errors} {PostgresFailures.TakeBack} {PostgresUnit.Changes}
        """;

    /// <summary>
    /// Records that the tasks of a job are to be retried, and counts them; null while its cancel or expiry is not finished.
    /// </summary>
    public static async Task<int?> TryBeginAsync(PostgresSession session, long jobKey, bool withCancelled)
    {
        await using var batch = session.Batch()
            .Add(PostgresUnit.LockJobs, Value<long[]>([jobKey]))
            .Add(ReadJob, Value(jobKey))
            .Add(BeginRetry, Value(jobKey), Value((short)(withCancelled ? 2 : 1)));
        await using var rows = await batch.ReadAsync(CancellationToken.None);
        await rows.NextResultAsync();
        var isClosing = await rows.ReadAsync() && rows.GetBoolean(4);
        await rows.NextResultAsync();
        var retried = await rows.ReadAsync() ? rows.GetInt32(0) : 0;
        await EndAsync(rows, CancellationToken.None);
        return isClosing ? null : retried;
    }

    /// <summary>
    /// A job whose retry was begun by a process that died in the middle. Retries of some failures that nobody goes on with are ended.
    /// </summary>
    public static async Task<long?> FindUnfinishedAsync(PostgresSession session, CancellationToken cancellationToken)
    {
        await using var look = session.Batch().Add(FinishLeft).Add(Unfinished);
        await using var rows = await look.ReadAsync(cancellationToken);
        return await rows.ReadAsync(cancellationToken) ? rows.GetInt64(0) : null;
    }

    /// <summary>Continues the retry of a job; the second value is true when it is finished.</summary>
    public static async Task<(RetryResult Result, bool IsFinished)> ContinueAsync(PostgresSession session, long jobKey, int limit)
    {
        if (await LockAsync(session, jobKey) is not { Scope: > 0 } job)
        {
            await RollBackAsync(session);
            return (new RetryResult(0, ChangeSet.Empty), true);
        }

        var end = (int)Math.Min((long)job.Next + Window, job.Total);
        var changes = await RetryAsync(
            session, jobKey, job, TaskKey.From(jobKey, job.Next), TaskKey.From(jobKey, end), job.Scope == 2, limit);
        var next = changes.Tasks.Count == limit ? TaskKey.OrdinalOf(changes.Tasks[^1].Key) + 1 : end;
        var isFinished = next >= job.Total;
        await using var batch = session.Batch()
            .Add(Advance, Value(jobKey), Value((short)(isFinished ? 0 : job.Scope)), Value(isFinished ? 0 : next))
            .Add(Commit);
        await batch.RunAsync(CancellationToken.None);
        return (new RetryResult(changes.Tasks.Count, changes), isFinished);
    }

    /// <summary>Retries one task, with another input if one is given; null while its job's cancel or expiry is not finished.</summary>
    public static async Task<RetryResult?> RetryTaskAsync(PostgresSession session, long taskKey, ReadOnlyMemory<byte>? input)
    {
        var jobKey = TaskKey.JobOf(taskKey);
        if (await LockAsync(session, jobKey) is not { IsClosing: false } job)
        {
            await RollBackAsync(session);
            return null;
        }

        var changes = job.IsMissing
            ? ChangeSet.Empty
            : await RetryAsync(session, jobKey, job, taskKey, taskKey + 1, withCancelled: true, 1);
        await using var batch = session.Batch();
        if (changes.Tasks.Count > 0 && input is { } edited) batch.Add(Edit, Value(taskKey), Value(edited));
        batch.Add(Commit);
        await batch.RunAsync(CancellationToken.None);
        return new RetryResult(changes.Tasks.Count, changes);
    }

    /// <summary>
    /// Retries up to so many of the selected failed tasks, from an ordinal on; null while the job is being closed. The second value is
    /// where the next batch starts, or null after the last.
    /// </summary>
    public static async Task<(RetryResult Result, int? Next)?> RetrySomeAsync(
        PostgresSession session, long jobKey, RetrySelection selection, int from, int limit)
    {
        var job = await LockAsync(session, jobKey);
        if (job.IsClosing || job.IsMissing)
        {
            await RollBackAsync(session);
            return job.IsMissing ? (new RetryResult(0, ChangeSet.Empty), null) : null;
        }

        var end = (int)Math.Min((long)from + Window, job.Total);
        var changes = await RetryAsync(
            session, jobKey, job, TaskKey.From(jobKey, from), TaskKey.From(jobKey, end), withCancelled: false, limit, selection);
        return await EndStepAsync(session, jobKey, job, changes, end, limit, BeginSteps);
    }

    /// <summary>Cancels up to so many of the selected failed tasks, from an ordinal on; the second value is as above.</summary>
    public static async Task<(RetryResult Result, int? Next)> SkipSomeAsync(
        PostgresSession session, long jobKey, RetrySelection selection, int from, int limit)
    {
        var job = await LockAsync(session, jobKey);
        if (job.IsMissing)
        {
            await RollBackAsync(session);
            return (new RetryResult(0, ChangeSet.Empty), null);
        }

        var end = (int)Math.Min((long)from + Window, job.Total);
        ChangeSet changes;
        await using (var batch = session.Batch()
            .Add(
                Skip, Value(0L), Value(TaskKey.From(jobKey, from)), Value(TaskKey.From(jobKey, end)), Value(limit),
                OrNull(selection.Fingerprint), Value((int)ErrorKind.Cancelled), Text(OutcomeRules.SkippedBefore),
                OrNull((int?)selection.Kind), OrNull(selection.Until?.ToUnixTimeMilliseconds()))
            .Add(PostgresUnit.RemoveEmptyErrors, Value(jobKey)))
        await using (var rows = await batch.ReadAsync(CancellationToken.None))
        {
            changes = await PostgresUnit.ReadAsync(rows, CancellationToken.None);
            await EndAsync(rows, CancellationToken.None);
        }

        return await EndStepAsync(session, jobKey, job, changes, end, limit, BeginSkip);
    }

    /// <summary>Notes whether there are more steps, and commits this one.</summary>
    private static async Task<(RetryResult Result, int? Next)> EndStepAsync(
        PostgresSession session, long jobKey, Job job, ChangeSet changes, int end, int limit, string begin)
    {
        var next = changes.Tasks.Count == limit ? TaskKey.OrdinalOf(changes.Tasks[^1].Key) + 1 : end;
        await using var batch = session.Batch();
        if (next >= job.Total) batch.Add(FinishSteps, Value(jobKey));
        else if (changes.Tasks.Count > 0) batch.Add(begin, Value(jobKey));
        await batch.Add(Commit).RunAsync(CancellationToken.None);
        return (new RetryResult(changes.Tasks.Count, changes), next < job.Total ? next : null);
    }

    private static async Task<ChangeSet> RetryAsync(
        PostgresSession session, long jobKey, Job job, long from, long to, bool withCancelled, int limit,
        RetrySelection selection = default)
    {
        var other = (int)(withCancelled ? TaskState.Cancelled : TaskState.Failed);
        await using var batch = session.Batch()
            .Add(
                Reopen, Value(jobKey), Value(from), Value(to), Value(other), OrNull(selection.Fingerprint), OrNull((int?)selection.Kind),
                OrNull(selection.Until?.ToUnixTimeMilliseconds()))
            .Add(
                MakeAvailable, Value(0L), Value(from), Value(to), Value(other), Value(limit), Value(job.NextOrdinal),
                OrNull(selection.Fingerprint), OrNull((int?)selection.Kind), OrNull(selection.Until?.ToUnixTimeMilliseconds()))
            .Add(PostgresUnit.RemoveEmptyErrors, Value(jobKey));
        await using var rows = await batch.ReadAsync(CancellationToken.None);
        var changes = await PostgresUnit.ReadAsync(rows, CancellationToken.None);
        await EndAsync(rows, CancellationToken.None);
        return changes;
    }

    /// <summary>Begins a transaction that locks the job.</summary>
    private static async Task<Job> LockAsync(PostgresSession session, long jobKey)
    {
        await using var batch = session.Batch()
            .Add(Begin).Add(PostgresUnit.LockJobs, Value<long[]>([jobKey])).Add(ReadJob, Value(jobKey));
        await using var rows = await batch.ReadAsync(CancellationToken.None);
        await rows.NextResultAsync();
        var job = await rows.ReadAsync()
            ? new Job(rows.GetInt32(0), rows.GetInt32(1), rows.GetInt32(2), rows.GetInt32(3), rows.GetBoolean(4), false)
            : new Job(0, 0, 0, 0, false, true);
        await EndAsync(rows, CancellationToken.None);
        return job;
    }

    private static async Task RollBackAsync(PostgresSession session)
    {
        await using var nothing = session.Batch().Add(Rollback);
        await nothing.RunAsync(CancellationToken.None);
    }

    private sealed record Job(int NextOrdinal, int Total, int Scope, int Next, bool IsClosing, bool IsMissing);
}
