using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Policies;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Jobs;
using StashAI.Storage.Sqlite.Units;

namespace StashAI.Storage.Sqlite.Upkeep;

/// <summary>Finds and removes what is past its retention.</summary>
internal sealed class SqliteRetention(SqliteSession session, RetentionPolicy policy)
{
    private const string Services = "SELECT DISTINCT service FROM lanes";

    private const string Ended = $"""
        SELECT id FROM queue_jobs
        WHERE service = ?1 AND state = ?2 AND finished_at IS NOT NULL AND finished_at <= {SqliteClock.Trusted} - ?3 ORDER BY finished_at LIMIT ?4
        """;

    private const string Untrimmed = $"""
        SELECT id, trim_next, total FROM queue_jobs
        WHERE service = ?1 AND finished_at IS NOT NULL AND finished_at <= {SqliteClock.Trusted} - ?2 AND payload_bytes > 0 AND trim_next < total
        ORDER BY finished_at LIMIT 1
        """;

    // Jobs that ended while the clock was ahead would be kept too long: their retention counts from now.
    private const string FutureEnds = $"""
        SELECT id FROM queue_jobs WHERE service = ?1 AND state = ?2 AND finished_at IS NOT NULL AND finished_at > stashai_now() + 60000
            AND EXISTS ({SqliteClock.IsCertain}) LIMIT ?3
        """;

    private const string EndNow = "UPDATE queue_jobs SET finished_at = stashai_now() WHERE id = ?1";

    private const string ExpiredKey = $"SELECT 1 FROM queue_jobs WHERE idempotency_until <= {SqliteClock.Trusted} LIMIT 1";

    // JSON inputs stay, also those that are kept with the payloads.
    private const string TrimmedBytes = """
        SELECT COALESCE(SUM(p.size), 0)
        FROM queue_tasks t JOIN task_payloads r ON r.task_id = t.id JOIN payloads p ON p.id = r.payload_id
        WHERE t.id >= ?1 AND t.id < ?2 AND t.state = 3 /* Completed */ AND r.ordinal >= 0
        """;

    private const string ReleasePayloads = """
        UPDATE payloads SET refs = refs - counted.n
        FROM (SELECT r.payload_id AS payload_id, COUNT(*) AS n FROM queue_tasks t JOIN task_payloads r ON r.task_id = t.id
            WHERE t.id >= ?1 AND t.id < ?2 AND t.state = 3 /* Completed */ AND r.ordinal >= 0 GROUP BY 1) AS counted
        WHERE payloads.id = counted.payload_id
        """;

    private const string RemovePayloads = """
        DELETE FROM task_payloads WHERE task_id IN (SELECT id FROM queue_tasks WHERE id >= ?1 AND id < ?2 AND state = 3 /* Completed */)
            AND ordinal >= 0
        """;

    // What was computed from an input goes with it.
    private const string RemoveDerived = "DELETE FROM task_derived WHERE task_id >= ?1 AND task_id < ?2";

    private const string Trimmed = "UPDATE queue_jobs SET trim_next = ?2, payload_bytes = payload_bytes - ?3, "
        + "trimmed = MAX(trimmed, ?4) WHERE id = ?1";

    private static readonly JobState[] EndStates = [JobState.Completed, JobState.Partial, JobState.Failed, JobState.Cancelled];

    /// <summary>True when there is something to remove.</summary>
    public bool HasWork() => session.Use(ExpiredKey).Scalar() is not null
        || FindServices().Exists(service => FindEnded(service, 1).Count + FindFuture(service, 1).Count > 0
            || FindUntrimmed(service) is not null);

    public int Run(int limit)
    {
        var count = SqliteIdempotency.RemoveExpired(session, limit);
        var unit = new SqliteUnit(session);
        foreach (var service in FindServices())
        {
            foreach (var job in FindEnded(service, limit))
            {
                if (SqliteRemoval.TryHide(session, unit, job)) count++;
            }

            foreach (var job in FindFuture(service, limit))
            {
                session.Use(EndNow).Bind(1, job).Run();
                count++;
            }

            if (FindUntrimmed(service) is { } found) count += Trim(found, limit);
        }

        unit.Finish();
        return count;
    }

    private List<string> FindServices()
    {
        var services = new List<string>();
        var rows = session.Use(Services);
        while (rows.Step()) services.Add(rows.Text(0));
        return services;
    }

    private List<long> FindEnded(string service, int limit)
    {
        var jobs = new List<long>();
        foreach (var state in EndStates)
        {
            if (policy.For(service).Keep(state) is not { } keep) continue;
            var rows = session.Use(Ended).Bind(1, service).Bind(2, (int)state).Bind(3, (long)keep.TotalMilliseconds)
                .Bind(4, limit - jobs.Count);
            while (rows.Step()) jobs.Add(rows.Int64(0));
        }

        return jobs;
    }

    private List<long> FindFuture(string service, int limit)
    {
        var jobs = new List<long>();
        foreach (var state in EndStates)
        {
            var rows = session.Use(FutureEnds).Bind(1, service).Bind(2, (int)state).Bind(3, limit - jobs.Count);
            while (rows.Step()) jobs.Add(rows.Int64(0));
        }

        return jobs;
    }

    private (long Job, int Next, int Total)? FindUntrimmed(string service)
    {
        if (policy.For(service).Inputs is not { } keep) return null;
        var row = session.Use(Untrimmed).Bind(1, service).Bind(2, (long)keep.TotalMilliseconds);
        if (!row.Step()) return null;
        var found = (row.Int64(0), row.Int32(1), row.Int32(2));
        row.Reset();
        return found;
    }

    private int Trim((long Key, int Next, int Total) job, int limit)
    {
        var end = (int)Math.Min((long)job.Next + limit, job.Total);
        var (from, to) = (TaskKey.From(job.Key, job.Next), TaskKey.From(job.Key, end));
        var bytes = session.Use(TrimmedBytes).Bind(1, from).Bind(2, to).Scalar()!.Value;
        session.Use(ReleasePayloads).Bind(1, from).Bind(2, to).Run();
        var removed = session.Use(RemovePayloads).Bind(1, from).Bind(2, to).Run();
        session.Use(RemoveDerived).Bind(1, from).Bind(2, to).Run();
        session.Use(Trimmed).Bind(1, job.Key).Bind(2, end).Bind(3, bytes).Bind(4, removed > 0 ? 1 : 0).Run();
        return end - job.Next;
    }
}
