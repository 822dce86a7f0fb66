using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Policies;
using StashAI.Sdk;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Units;

namespace StashAI.Storage.Sqlite.Jobs;

/// <summary>
/// Retries by people. The retry of a whole job and its progress are stored in the job's row, so that it visits each task once and any
/// process can continue it.
/// </summary>
internal static class SqliteRetry
{
    /// <summary>How many tasks one transaction reads: in a large job, few of them may have failed.</summary>
    private const int Window = 20_000;

    /// <summary>Jobs whose retry was begun by a process that died in the middle.</summary>
    public const string Unfinished = "SELECT id FROM queue_jobs WHERE retry_scope > 0 LIMIT 1";

    /// <summary>Jobs of which some failures were retried or skipped in steps, by a bulk operation that is over.</summary>
    public const string LeftInSteps = """
        SELECT id FROM queue_jobs WHERE retry_steps > 0
            AND NOT EXISTS (SELECT 1 FROM bulk_operations WHERE state = 0 /* Running */ AND action IN (1, 7) /* Retry, Skip */) LIMIT 1
        """;

    private const string BeginSteps = "UPDATE queue_jobs SET retry_steps = 1 WHERE id = ?1";

    // A skip ends nothing that was open, so one of a job that has ended is not noted as another end.
    private const string BeginSkip = "UPDATE queue_jobs SET retry_steps = 1 WHERE id = ?1 AND state IN (0, 1) /* Pending, Running */";

    private const string FinishSteps = "UPDATE queue_jobs SET retry_steps = 0 WHERE id = ?1 AND retry_steps > 0";

    // Clients of another API were told that it has ended, and may have read its files. One of which some tasks are retried has not.
    private const string IsEndedBatch = """
        (state IN (2, 3, 4, 5) /* the terminal states */ AND retry_scope = 0 AND retry_steps = 0
            AND EXISTS (SELECT 1 FROM file_batches b WHERE b.job_id = queue_jobs.id))
        """;

    private const string ReadJob = $"""
        SELECT next_ordinal, total, retry_scope, retry_next, available + scheduled > 0 AND (cancelling = 1 OR COALESCE(deadline_at <= stashai_now(), 0))
        FROM queue_jobs WHERE id = ?1 AND state <> 6 /* Staging */ AND NOT {IsEndedBatch}
        """;

    private const string Begin = $"""
        UPDATE queue_jobs SET retry_scope = MAX(retry_scope, ?2), retry_next = 0
        WHERE id = ?1 AND failed + CASE ?2 WHEN 2 THEN cancelled ELSE 0 END > 0 AND NOT {IsEndedBatch}
        RETURNING failed + CASE ?2 WHEN 2 THEN cancelled ELSE 0 END
        """;

    private const string Advance = "UPDATE queue_jobs SET retry_scope = ?2, retry_next = ?3 WHERE id = ?1";

    // The cancel or deadline no longer applies: a person wants the task to run.
    private const string Reopen = """
        UPDATE queue_jobs SET cancelling = 0, trim_next = 0, deadline_at = CASE WHEN deadline_at > stashai_now() THEN deadline_at END WHERE id = ?1
        """;

    private const string FindEnded = """
        SELECT id, state, error_kind, fingerprint FROM queue_tasks WHERE id >= ?1 AND id < ?2 AND (state = 4 /* Failed */
            OR state = ?3) AND (?5 IS NULL OR fingerprint = ?5)
            AND (?6 IS NULL OR error_kind = ?6) AND (?7 IS NULL OR finished_at <= ?7) ORDER BY id LIMIT ?4
        """;

    // The node is kept: a repeated result is still recognized as the last claim's.
    private const string MakeAvailable = """
        UPDATE queue_tasks SET state = 0 /* Available */, version = version + 1, attempt = 0, crashes = 0, requeued = ?2,
            cancel_requested = 0,
            due_at = NULL, throttled_since = NULL, started_at = NULL, finished_at = NULL, processing_ms = NULL, http_status = NULL,
            error_kind = 0, error_message = NULL, fingerprint = NULL
        WHERE id = ?1 RETURNING version
        """;

    private const string Edit = """
        INSERT INTO task_inputs (task_id, input, first_input) VALUES (?1, ?2, x'')
        ON CONFLICT (task_id) DO UPDATE SET first_input = COALESCE(task_inputs.first_input, task_inputs.input), input = excluded.input
        """;

    // The message says why it is not run any more, and why it failed.
    private const string SkipTask = """
        UPDATE queue_tasks SET state = 5 /* Cancelled */, version = version + 1, error_kind = ?2, error_message = ?3 || COALESCE(error_message, ''),
            fingerprint = NULL
        WHERE id = ?1 RETURNING version
        """;

    /// <summary>
    /// Records that the tasks of a job are to be retried, and counts them; null while its cancel or expiry is not finished.
    /// </summary>
    public static int? TryBegin(SqliteSession session, long jobKey, bool withCancelled) =>
        Find(session, jobKey) is { IsClosing: true }
            ? null
            : (int)(session.Use(Begin).Bind(1, jobKey).Bind(2, withCancelled ? 2 : 1).Scalar() ?? 0);

    /// <summary>Continues the retry of a job; the second value is true when it is finished.</summary>
    public static (RetryResult Result, bool IsFinished) Continue(SqliteSession session, long jobKey, int limit)
    {
        if (Find(session, jobKey) is not { Scope: > 0 } job) return (new RetryResult(0, ChangeSet.Empty), true);
        var end = (int)Math.Min((long)job.Next + Window, job.Total);
        var ended = FindEndedOf(session, TaskKey.From(jobKey, job.Next), TaskKey.From(jobKey, end), job.Scope == 2, limit);
        var result = Retry(session, jobKey, job, ended);
        var next = ended.Count == limit ? TaskKey.OrdinalOf(ended[^1].Key) + 1 : end;
        var isFinished = next >= job.Total;
        session.Use(Advance).Bind(1, jobKey).Bind(2, isFinished ? 0 : job.Scope).Bind(3, isFinished ? 0 : next).Run();
        return (result, isFinished);
    }

    /// <summary>Retries one task, with another input if one is given; null while its job's cancel or expiry is not finished.</summary>
    public static RetryResult? RetryTask(SqliteSession session, long taskKey, ReadOnlyMemory<byte>? input)
    {
        var jobKey = TaskKey.JobOf(taskKey);
        if (Find(session, jobKey) is not { } job) return new RetryResult(0, ChangeSet.Empty);
        if (job.IsClosing) return null;
        var result = Retry(session, jobKey, job, FindEndedOf(session, taskKey, taskKey + 1, withCancelled: true, 1));
        if (result.Retried > 0 && input is { } edited) session.Use(Edit).Bind(1, taskKey).Bind(2, edited.Span).Run();
        return result;
    }

    /// <summary>
    /// Retries up to so many of the selected failed tasks, from an ordinal on; null while the job is being closed. The second value is
    /// where the next batch starts, or null after the last.
    /// </summary>
    public static (RetryResult Result, int? Next)? RetrySome(
        SqliteSession session, long jobKey, RetrySelection selection, int from, int limit)
    {
        if (Find(session, jobKey) is not { } job) return (new RetryResult(0, ChangeSet.Empty), null);
        if (job.IsClosing) return null;
        var (tasks, next) = FindSome(session, jobKey, job, selection, from, limit);
        var result = Retry(session, jobKey, job, tasks);
        if (next is null) EndSteps(session, jobKey);
        else if (result.Retried > 0) session.Use(BeginSteps).Bind(1, jobKey).Run();
        return (result, next);
    }

    /// <summary>Notes that no more of a job's failures are retried or skipped.</summary>
    public static int EndSteps(SqliteSession session, long jobKey) => session.Use(FinishSteps).Bind(1, jobKey).Run();

    /// <summary>Cancels up to so many of the selected failed tasks, from an ordinal on; the second value is as above.</summary>
    public static (RetryResult Result, int? Next) SkipSome(
        SqliteSession session, long jobKey, RetrySelection selection, int from, int limit)
    {
        if (Find(session, jobKey) is not { } job) return (new RetryResult(0, ChangeSet.Empty), null);
        var (tasks, next) = FindSome(session, jobKey, job, selection, from, limit);
        if (next is null) EndSteps(session, jobKey);
        else if (tasks.Count > 0) session.Use(BeginSkip).Bind(1, jobKey).Run();
        if (tasks.Count == 0) return (new RetryResult(0, ChangeSet.Empty), next);
        var unit = new SqliteUnit(session);
        var delta = unit.Job(jobKey);
        foreach (var task in tasks)
        {
            var version = session.Use(SkipTask).Bind(1, task.Key).Bind(2, (int)ErrorKind.Cancelled).Bind(3, OutcomeRules.SkippedBefore)
                .Scalar()!.Value;
            delta.Move(TaskState.Failed, TaskState.Cancelled);
            delta.TakeBack(task.Kind, task.Fingerprint, task.Key);
            unit.Changed(task.Key, (int)version, TaskState.Cancelled);
        }

        return (new RetryResult(tasks.Count, unit.Finish()), next);
    }

    private static (List<Ended> Tasks, int? Next) FindSome(
        SqliteSession session, long jobKey, Job job, RetrySelection selection, int from, int limit)
    {
        var end = (int)Math.Min((long)from + Window, job.Total);
        var tasks = FindEndedOf(session, TaskKey.From(jobKey, from), TaskKey.From(jobKey, end), withCancelled: false, limit, selection);
        var next = tasks.Count == limit ? TaskKey.OrdinalOf(tasks[^1].Key) + 1 : end;
        return (tasks, next < job.Total ? next : null);
    }

    private static RetryResult Retry(SqliteSession session, long jobKey, Job job, List<Ended> tasks)
    {
        if (tasks.Count == 0) return new RetryResult(0, ChangeSet.Empty);
        session.Use(Reopen).Bind(1, jobKey).Run();
        var unit = new SqliteUnit(session);
        var delta = unit.Job(jobKey);
        foreach (var (key, state, kind, fingerprint) in tasks)
        {
            // A task past the cursor was never claimed: the cursor will reach it.
            var requeued = TaskKey.OrdinalOf(key) < job.NextOrdinal;
            var version = session.Use(MakeAvailable).Bind(1, key).Bind(2, requeued ? 1 : 0).Scalar()!.Value;
            delta.Move(state, TaskState.Available);
            if (requeued) delta.Requeued++;
            if (state == TaskState.Failed) delta.TakeBack(kind, fingerprint, key);
            unit.Changed(key, (int)version, TaskState.Available);
        }

        return new RetryResult(tasks.Count, unit.Finish());
    }

    private static List<Ended> FindEndedOf(
        SqliteSession session, long from, long to, bool withCancelled, int limit, RetrySelection selection = default)
    {
        var ended = new List<Ended>();
        var rows = session.Use(FindEnded).Bind(1, from).Bind(2, to)
            .Bind(3, (int)(withCancelled ? TaskState.Cancelled : TaskState.Failed)).Bind(4, limit).Bind(5, selection.Fingerprint)
            .Bind(6, (long?)selection.Kind).Bind(7, selection.Until?.ToUnixTimeMilliseconds());
        while (rows.Step())
        {
            ended.Add(new Ended(
                rows.Int64(0), (TaskState)rows.Int32(1), (ErrorKind)rows.Int32(2), rows.IsNull(3) ? null : rows.Int64(3)));
        }

        return ended;
    }

    private static Job? Find(SqliteSession session, long jobKey)
    {
        var row = session.Use(ReadJob).Bind(1, jobKey);
        if (!row.Step()) return null;
        var job = new Job(row.Int32(0), row.Int32(1), row.Int32(2), row.Int32(3), row.Int32(4) != 0);
        row.Reset();
        return job;
    }

    private readonly record struct Ended(long Key, TaskState State, ErrorKind Kind, long? Fingerprint);

    private readonly record struct Job(int NextOrdinal, int Total, int Scope, int Next, bool IsClosing);
}
