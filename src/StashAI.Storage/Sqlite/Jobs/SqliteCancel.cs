using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Failures;
using StashAI.Sdk;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Units;

namespace StashAI.Storage.Sqlite.Jobs;

/// <summary>Cancels the waiting tasks of a job and flags its running ones.</summary>
internal static class SqliteCancel
{
    /// <summary>Jobs whose cancel was begun by a process that died in the middle.</summary>
    public const string UnfinishedCancels = "SELECT id FROM queue_jobs WHERE cancelling = 1 AND available + scheduled > 0 LIMIT 1";

    private const string StopClaims =
        "UPDATE queue_jobs SET cancelling = 1, retry_scope = 0 WHERE id = ?1 AND state IN (0, 1) /* Pending, "
        + "Running */ RETURNING available + scheduled";

    private const string IsCancelling = "SELECT 1 FROM queue_jobs WHERE id = ?1 AND cancelling = 1";

    private const string FlagRunning = """
        UPDATE queue_tasks SET cancel_requested = 1, version = version + 1
        WHERE cancel_requested = 0
            AND id IN (SELECT id FROM queue_tasks INDEXED BY queue_tasks_of_node WHERE state = 2 /* Running */ AND id >= ?1 AND id < ?2)
        RETURNING id, version
        """;

    private const string FindWaiting = """
        SELECT id, state, requeued FROM queue_tasks
        WHERE id >= ?1 AND id < ?2 AND state IN (0, 1) /* Available, Scheduled */ AND EXISTS (SELECT 1 FROM queue_jobs
            WHERE id = ?1 >> 24 AND state <> 6 /* Staging */)
        ORDER BY id LIMIT ?3
        """;

    private const string EndWaiting = """
        UPDATE queue_tasks SET state = ?2, version = version + 1, finished_at = stashai_now(), due_at = NULL, error_kind = ?3,
            error_message = ?4, fingerprint = ?5
        WHERE id = ?1 RETURNING version
        """;

    /// <summary>
    /// Stops claims of a job, flags its running tasks and counts the waiting ones, which <see cref="CancelBatch"/> cancels.
    /// </summary>
    public static CancelResult BeginCancelJob(SqliteSession session, long jobKey)
    {
        if (session.Use(StopClaims).Bind(1, jobKey).Scalar() is not { } waiting) return new CancelResult(0, [], ChangeSet.Empty);
        return Flag(session, TaskKey.From(jobKey, 0), TaskKey.From(jobKey + 1, 0)) with { Cancelled = (int)waiting };
    }

    /// <summary>Cancels waiting tasks of a job, starting at a task; fewer than <paramref name="limit"/> means that none is left.</summary>
    public static (CancelResult Result, long Next) CancelBatch(SqliteSession session, long jobKey, long fromTaskKey, int limit)
    {
        var end = TaskKey.From(jobKey + 1, 0);
        // A person may have retried the job in the meantime; then its tasks must run.
        var isCancelling = session.Use(IsCancelling).Bind(1, jobKey).Scalar() is not null;
        return isCancelling ? Cancel(session, fromTaskKey, end, limit) : (new CancelResult(0, [], ChangeSet.Empty), end);
    }

    public static CancelResult CancelTask(SqliteSession session, long taskKey)
    {
        var flagged = Flag(session, taskKey, taskKey + 1);
        return flagged.AbortRequested.Count > 0 ? flagged : Cancel(session, taskKey, taskKey + 1, 1).Result;
    }

    /// <summary>Ends waiting tasks.</summary>
    public static (CancelResult Result, long Next) End(
        SqliteSession session, long from, long to, int limit, TaskState state, ErrorKind kind, string message)
    {
        var waiting = new List<(long Key, TaskState State, bool Requeued)>();
        var rows = session.Use(FindWaiting).Bind(1, from).Bind(2, to).Bind(3, limit);
        while (rows.Step()) waiting.Add((rows.Int64(0), (TaskState)rows.Int32(1), rows.Int32(2) == 1));

        var failure = state == TaskState.Failed ? Failure.Of(kind, null, message) : null;
        var unit = new SqliteUnit(session);
        foreach (var (key, before, requeued) in waiting)
        {
            var version = session.Use(EndWaiting).Bind(1, key).Bind(2, (int)state).Bind(3, (int)kind).Bind(4, message)
                .Bind(5, failure?.Fingerprint).Scalar()!.Value;
            var delta = unit.Job(TaskKey.JobOf(key));
            delta.Move(before, state);
            if (before == TaskState.Available && requeued) delta.Requeued--;
            if (failure is not null) delta.Failed(failure, key);
            unit.Changed(key, (int)version, state);
        }

        var next = waiting.Count == 0 ? to : waiting[^1].Key + 1;
        return (new CancelResult(waiting.Count, [], unit.Finish()), next);
    }

    private static CancelResult Flag(SqliteSession session, long from, long to)
    {
        var flagged = new List<long>();
        var changes = new List<TaskChange>();
        var rows = session.Use(FlagRunning).Bind(1, from).Bind(2, to);
        while (rows.Step())
        {
            flagged.Add(rows.Int64(0));
            changes.Add(new TaskChange(rows.Int64(0), rows.Int32(1), TaskState.Running));
        }

        return new CancelResult(0, flagged, new ChangeSet(changes, []));
    }

    private static (CancelResult Result, long Next) Cancel(SqliteSession session, long from, long to, int limit) =>
        End(session, from, to, limit, TaskState.Cancelled, ErrorKind.Cancelled, OutcomeRules.CancelledBeforeRun);
}
