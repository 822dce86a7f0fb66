using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Units;

namespace StashAI.Storage.Sqlite.Upkeep;

/// <summary>
/// Compares the counters and the costs of jobs with the sums over their tasks (S5). They change together, so a difference is a bug.
/// </summary>
internal static class SqliteReconcile
{
    // One statement, so that both sides are read at the same moment. The numbers are those of TaskState, and 6 is JobState.Staging.
    private const string Compare = """
        SELECT j.public_id, j.total, j.available, j.scheduled, j.running, j.completed, j.failed, j.cancelled, j.requeued,
            COUNT(t.id), COALESCE(SUM(t.state = 0 AND j.waiting = 0), 0), COALESCE(SUM(t.state = 1 OR (t.state = 0 AND j.waiting = 1)), 0),
            COALESCE(SUM(t.state = 2), 0), COALESCE(SUM(t.state = 3), 0), COALESCE(SUM(t.state = 4), 0), COALESCE(SUM(t.state = 5), 0),
            COALESCE(SUM(t.state = 0 AND t.requeued = 1), 0),
            j.cached, COALESCE(SUM(t.state = 3 AND t.cached = 1), 0), j.cost
        FROM queue_jobs j LEFT JOIN queue_tasks t ON t.id >= ?1 << 24 AND t.id < (?1 + 1) << 24
        WHERE j.id = ?1 AND j.state <> 6 AND (j.total <= ?2 OR j.available + j.scheduled + j.running = 0)
        GROUP BY j.id
        """;

    // Read behind the rest, so a reader may take a cost for wrong that changed in between; the writer, who repairs it, is alone.
    private const string Costs = "SELECT cost FROM queue_tasks WHERE id >= ?1 << 24 AND id < (?1 + 1) << 24 AND cost IS NOT NULL";

    private const string SaveCost = "UPDATE queue_jobs SET cost = ?2 WHERE id = ?1";

    /// <summary>True when a job's counters are wrong.</summary>
    public static bool IsWrong(SqliteSession session, long jobKey, int maxOpenTasks) =>
        Find(session, jobKey, maxOpenTasks) is { IsWrong: true };

    /// <summary>Repairs a job; null when its counters were right.</summary>
    public static CounterRepair? Repair(SqliteSession session, long jobKey, int maxOpenTasks)
    {
        if (Find(session, jobKey, maxOpenTasks) is not { IsWrong: true } found) return null;
        var unit = new SqliteUnit(session);
        var delta = unit.Job(jobKey);
        var (before, after) = (found.Stored, found.Actual);
        delta.Total = after.Total - before.Total;
        delta[TaskState.Available] = after.Available - before.Available;
        delta[TaskState.Scheduled] = after.Scheduled - before.Scheduled;
        delta[TaskState.Running] = after.Running - before.Running;
        delta[TaskState.Completed] = after.Completed - before.Completed;
        delta[TaskState.Failed] = after.Failed - before.Failed;
        delta[TaskState.Cancelled] = after.Cancelled - before.Cancelled;
        delta.Cached = after.Cached - before.Cached;
        delta.Requeued = found.ActualRequeued - found.StoredRequeued;
        if (CounterRepair.IsWrong(found.StoredCost, found.ActualCost))
            session.Use(SaveCost).Bind(1, jobKey).Bind(2, SqliteDecimal.Text(found.ActualCost)).Run();
        return new CounterRepair(found.JobId, before, after, unit.Finish())
        {
            CostBefore = found.StoredCost,
            CostAfter = found.ActualCost,
        };
    }

    private static Comparison? Find(SqliteSession session, long jobKey, int maxOpenTasks)
    {
        var row = session.Use(Compare).Bind(1, jobKey).Bind(2, maxOpenTasks);
        if (!row.Step()) return null;
        var found = new Comparison(row.Guid(0), Counters(row, 1, 17), row.Int32(8), Counters(row, 9, 18), row.Int32(16))
        {
            StoredCost = SqliteDecimal.Read(row, 19),
        };
        row.Reset();
        return found with { ActualCost = CostOf(session, jobKey) };
    }

    private static decimal? CostOf(SqliteSession session, long jobKey)
    {
        decimal? sum = null;
        var row = session.Use(Costs).Bind(1, jobKey);
        while (row.Step()) sum = (sum ?? 0) + SqliteDecimal.Read(row, 0);
        return sum;
    }

    private static JobCounters Counters(SqliteStatement row, int first, int cached) => new(
        row.Int32(first), row.Int32(first + 1), row.Int32(first + 2), row.Int32(first + 3), row.Int32(first + 4), row.Int32(first + 5),
        row.Int32(first + 6))
    {
        Cached = row.Int32(cached),
    };

    private readonly record struct Comparison(Guid JobId, JobCounters Stored, int StoredRequeued, JobCounters Actual, int ActualRequeued)
    {
        public decimal? StoredCost { get; init; }

        public decimal? ActualCost { get; init; }

        public bool IsWrong =>
            Stored != Actual || StoredRequeued != ActualRequeued || CounterRepair.IsWrong(StoredCost, ActualCost);
    }
}
