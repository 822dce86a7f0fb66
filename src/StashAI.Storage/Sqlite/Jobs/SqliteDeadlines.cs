using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Policies;
using StashAI.Sdk;
using StashAI.Storage.Changes;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Units;

namespace StashAI.Storage.Sqlite.Jobs;

/// <summary>Jobs with a later start, and jobs whose deadline has passed.</summary>
internal static class SqliteDeadlines
{
    public const string Overdue = """
        SELECT id FROM queue_jobs INDEXED BY queue_jobs_overdue
        WHERE deadline_at IS NOT NULL AND available + scheduled > 0 AND deadline_at <= stashai_now() ORDER BY deadline_at LIMIT ?1
        """;

    public const string NextStart = "SELECT MIN(start_at) FROM queue_jobs WHERE waiting = 1";

    private const string DueStarts =
        "SELECT id, scheduled FROM queue_jobs WHERE waiting = 1 AND start_at <= stashai_now() ORDER BY start_at LIMIT ?1";

    private const string Start = "UPDATE queue_jobs SET waiting = 0 WHERE id = ?1";

    // Stops claims of the job, unless it was cancelled already.
    private const string Close = "UPDATE queue_jobs SET cancelling = 2 /* by deadline */, retry_scope = 0 WHERE id = ?1 AND cancelling = 0";

    /// <summary>Starts jobs whose start time has come, by changing one row each, however many tasks they have.</summary>
    public static void StartDue(SqliteSession session, SqliteUnit unit, int limit)
    {
        var due = new List<(long Job, int Tasks)>();
        var rows = session.Use(DueStarts).Bind(1, limit);
        while (rows.Step()) due.Add((rows.Int64(0), rows.Int32(1)));
        foreach (var (job, tasks) in due)
        {
            session.Use(Start).Bind(1, job).Run();
            unit.Job(job).Move(TaskState.Scheduled, TaskState.Available, tasks);
        }
    }

    /// <summary>
    /// Fails up to <paramref name="limit"/> waiting tasks of jobs whose deadline has passed. Running calls end by themselves.
    /// </summary>
    public static ChangeSet Expire(SqliteSession session, int limit)
    {
        var overdue = new List<long>();
        var rows = session.Use(Overdue).Bind(1, limit);
        while (rows.Step()) overdue.Add(rows.Int64(0));
        foreach (var job in overdue) session.Use(Close).Bind(1, job).Run();
        var changes = new ChangeSetBuilder();
        foreach (var job in overdue)
        {
            if (limit <= 0) break;
            var (ended, _) = SqliteCancel.End(
                session,
                TaskKey.From(job, 0),
                TaskKey.From(job + 1, 0),
                limit,
                TaskState.Failed,
                ErrorKind.DeadlineExceeded,
                OutcomeRules.DeadlineBeforeRun);
            limit -= ended.Cancelled;
            changes.Add(ended.Changes);
        }

        return changes.Build();
    }
}
