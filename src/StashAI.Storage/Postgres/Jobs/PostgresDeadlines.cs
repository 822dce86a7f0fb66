using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Policies;
using StashAI.Sdk;
using StashAI.Storage.Changes;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Units;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Jobs;

/// <summary>Jobs with a later start, and jobs whose deadline has passed.</summary>
internal static class PostgresDeadlines
{
    public const string DueStarts = "SELECT id FROM queue_jobs WHERE waiting = 1 AND start_at <= stashai_now() ORDER BY start_at LIMIT $1";

    private const string Overdue =
        "SELECT id FROM queue_jobs WHERE may_expire AND deadline_at <= stashai_now() ORDER BY deadline_at LIMIT $1";

    // Changes one row per job, however many tasks it has: the tasks are available already.
    private const string Start = $"""
        WITH moved AS (
            UPDATE queue_jobs j SET waiting = 0, available = j.available + j.scheduled, scheduled = 0, version = j.version + 1,
                vtime = {PostgresFairStart.OfJob},
                waiting_since = stashai_now(), updated_at = stashai_now()
            WHERE j.id = ANY ($1) AND j.waiting = 1 AND j.start_at <= stashai_now()
            RETURNING j.id, j.public_id, j.version, j.state, j.service, j.available AS n),
        counted AS (
            INSERT INTO totals (service, kind, state, node_id, count)
            SELECT service, 0, t.state, 0, SUM(t.n) FROM moved CROSS JOIN LATERAL (VALUES (0, n), (1, -n)) AS t (state, n)
            GROUP BY 1, 3 HAVING SUM(t.n) <> 0 ORDER BY 1, 3
            ON CONFLICT (service, kind, state, node_id) DO UPDATE SET count = totals.count + excluded.count)
        SELECT true, id, version, state::int, state::int, public_id FROM moved
        """;

    // Stops claims of the job, unless it was cancelled already.
    private const string Close = """
        UPDATE queue_jobs SET cancelling = 2 /* by deadline */, retry_scope = 0
        WHERE id = ANY ($1) AND cancelling = 0 AND may_expire AND deadline_at <= stashai_now()
        """;

    public static async Task<ChangeSet> StartAsync(PostgresSession session, long[] jobs)
    {
        await using var batch = session.Batch().Add(PostgresUnit.LockJobs, Value(jobs)).Add(Start, Value(jobs));
        await using var rows = await batch.ReadAsync(CancellationToken.None);
        await rows.NextResultAsync();
        return await PostgresUnit.ReadAsync(rows, CancellationToken.None);
    }

    /// <summary>
    /// Fails up to <paramref name="limit"/> waiting tasks of jobs whose deadline has passed. Running calls end by themselves.
    /// </summary>
    public static async Task<ChangeSet> ExpireAsync(PostgresSession session, int limit, CancellationToken cancellationToken)
    {
        var overdue = new List<long>();
        await using (var look = session.Batch().Add(Overdue, Value(limit)))
        await using (var rows = await look.ReadAsync(cancellationToken))
        {
            while (await rows.ReadAsync(cancellationToken)) overdue.Add(rows.GetInt64(0));
        }

        if (overdue.Count == 0) return ChangeSet.Empty;
        var keys = overdue.ToArray();
        await using (var close = session.Batch().Add(PostgresUnit.LockJobs, Value(keys)).Add(Close, Value(keys)))
            await close.RunAsync(CancellationToken.None);
        var changes = new ChangeSetBuilder();
        foreach (var job in overdue)
        {
            if (limit <= 0) break;
            var ended = await PostgresCancel.EndAsync(
                session,
                TaskKey.From(job, 0),
                TaskKey.From(job + 1, 0),
                limit,
                TaskState.Failed,
                ErrorKind.DeadlineExceeded,
                OutcomeRules.DeadlineBeforeRun,
                EndCondition.DeadlinePassed);
            limit -= ended.Tasks.Count;
            changes.Add(ended);
        }

        return changes.Build();
    }
}
