using Npgsql;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Units;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Upkeep;

/// <summary>
/// Compares the counters and the costs of jobs with the sums over their tasks (S5). They change together, so a difference is a bug.
/// </summary>
internal static class PostgresReconcile
{
    // One statement, so that both sides are read at the same moment.
    // The numbers are those of TaskState, and 6 is JobState.Staging.
    private const string Compare = """
        SELECT j.public_id, j.total, j.available, j.scheduled, j.running, j.completed, j.failed, j.cancelled, j.requeued,
            COUNT(t.id)::int, COUNT(*) FILTER (WHERE t.state = 0 AND j.waiting = 0)::int,
            COUNT(*) FILTER (WHERE t.state = 1 OR (t.state = 0 AND j.waiting = 1))::int, COUNT(*) FILTER (WHERE t.state = 2)::int,
            COUNT(*) FILTER (WHERE t.state = 3)::int, COUNT(*) FILTER (WHERE t.state = 4)::int, COUNT(*) FILTER (WHERE t.state = 5)::int,
            COUNT(*) FILTER (WHERE t.state = 0 AND t.requeued = 1)::int, j.state, j.started_at IS NOT NULL,
            j.cached, COUNT(*) FILTER (WHERE t.state = 3 AND t.cached = 1)::int, ROUND(j.cost, 9), ROUND(SUM(t.cost), 9)
        FROM queue_jobs j LEFT JOIN queue_tasks t ON t.id >= $1::bigint << 24 AND t.id < ($1::bigint + 1) << 24
        WHERE j.id = $1 AND j.state <> 6 AND (j.total <= $2 OR j.available + j.scheduled + j.running = 0)
        GROUP BY j.id
        """;

    private const string Repair = """
        WITH before AS MATERIALIZED (SELECT * FROM queue_jobs WHERE id = $1),
        moved AS (
            UPDATE queue_jobs j SET total = $2, available = $3, scheduled = $4, running = $5, completed = $6, failed = $7, cancelled = $8,
                requeued = $9, cached = $11, state = $10::smallint,
                cost = CASE WHEN $12 THEN (
                    SELECT SUM(cost) FROM queue_tasks WHERE id >= $1::bigint << 24 AND id < ($1::bigint + 1) << 24) ELSE j.cost END,
                version = j.version + 1, updated_at = stashai_now(),
                started_at = CASE WHEN $5 > 0 THEN COALESCE(j.started_at, stashai_now()) ELSE j.started_at END,
                finished_at = CASE WHEN $10::smallint < 2 THEN NULL WHEN j.state = $10::smallint THEN j.finished_at ELSE stashai_now() END
            WHERE j.id = $1
            RETURNING j.id, j.public_id, j.version, j.state),
        counted AS (
            INSERT INTO totals (service, kind, state, node_id, count)
            SELECT b.service, t.kind, t.state, 0, SUM(t.n) FROM before b CROSS JOIN LATERAL (VALUES
                (0, 0, $3 - b.available), (0, 1, $4 - b.scheduled), (0, 2, $5 - b.running), (0, 3, $6 - b.completed), (0, 4, $7 - b.failed),
                (0, 5, $8 - b.cancelled), (1 + b.single_task, b.state::int, -1), (1 + b.single_task, $10::int, 1)) AS t (kind, state, n)
            GROUP BY 1, 2, 3 HAVING SUM(t.n) <> 0 ORDER BY 1, 2, 3
            ON CONFLICT (service, kind, state, node_id) DO UPDATE SET count = totals.count + excluded.count)
        SELECT true, m.id, m.version, b.state::int, m.state::int, m.public_id FROM moved m CROSS JOIN before b
        """;

    /// <summary>Repairs a job; null when its counters were right. The first check takes no lock.</summary>
    public static async Task<CounterRepair?> RunAsync(
        PostgresSession session, long jobKey, int maxOpenTasks, CancellationToken cancellationToken)
    {
        await using (var look = session.Batch().Add(Compare, Value(jobKey), Value(maxOpenTasks)))
        await using (var rows = await look.ReadAsync(cancellationToken))
        {
            if (await FindAsync(rows) is not { IsWrong: true }) return null;
        }

        Comparison? found;
        await using (var hold = session.Batch()
            .Add(Begin).Add(PostgresUnit.LockJobs, Value<long[]>([jobKey])).Add(Compare, Value(jobKey), Value(maxOpenTasks)))
        await using (var rows = await hold.ReadAsync(CancellationToken.None))
        {
            await rows.NextResultAsync(CancellationToken.None);
            found = await FindAsync(rows);
            await EndAsync(rows, CancellationToken.None);
        }

        if (found is not { IsWrong: true } wrong)
        {
            await using var nothing = session.Batch().Add(Rollback);
            await nothing.RunAsync(CancellationToken.None);
            return null;
        }

        var real = wrong.Actual;
        var state = JobStateMachine.From(real, wrong.HasStarted || real.Running > 0);
        await using var batch = session.Batch()
            .Add(
                Repair, Value(jobKey), Value(real.Total), Value(real.Available), Value(real.Scheduled), Value(real.Running),
                Value(real.Completed), Value(real.Failed), Value(real.Cancelled), Value(wrong.ActualRequeued), Value((short)state),
                Value(real.Cached), Value(CounterRepair.IsWrong(wrong.StoredCost, wrong.ActualCost)))
            .Add(Commit);
        await using var done = await batch.ReadAsync(CancellationToken.None);
        var changes = await PostgresUnit.ReadAsync(done, CancellationToken.None);
        await EndAsync(done, CancellationToken.None);
        return new CounterRepair(wrong.JobId, wrong.Stored, real, changes)
        {
            CostBefore = wrong.StoredCost,
            CostAfter = wrong.ActualCost,
        };
    }

    private static async Task<Comparison?> FindAsync(NpgsqlDataReader rows) => await rows.ReadAsync()
        ? new Comparison(
            rows.GetGuid(0), Counters(rows, 1, 19), rows.GetInt32(8), Counters(rows, 9, 20), rows.GetInt32(16), rows.GetBoolean(18))
        {
            StoredCost = rows.IsDBNull(21) ? null : rows.GetDecimal(21),
            ActualCost = rows.IsDBNull(22) ? null : rows.GetDecimal(22),
        }
        : null;

    private static JobCounters Counters(NpgsqlDataReader row, int first, int cached) => new(
        row.GetInt32(first), row.GetInt32(first + 1), row.GetInt32(first + 2), row.GetInt32(first + 3), row.GetInt32(first + 4),
        row.GetInt32(first + 5), row.GetInt32(first + 6))
    {
        Cached = row.GetInt32(cached),
    };

    private sealed record Comparison(
        Guid JobId, JobCounters Stored, int StoredRequeued, JobCounters Actual, int ActualRequeued, bool HasStarted)
    {
        public decimal? StoredCost { get; init; }

        public decimal? ActualCost { get; init; }

        public bool IsWrong =>
            Stored != Actual || StoredRequeued != ActualRequeued || CounterRepair.IsWrong(StoredCost, ActualCost);
    }
}
