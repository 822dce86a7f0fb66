using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Store;
using StashAI.Storage.Measures;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Units;
using StashAI.Storage.Sqlite.Work;

namespace StashAI.Storage.Sqlite.Reading;

/// <summary>The speed of lanes, and totals over the queue.</summary>
internal sealed class SqliteMeasure(SqliteWriter writer, SqliteReaders readers) : IMeasure
{
    /// <summary>The most jobs of a lane that an outlook reads; more would change it little.</summary>
    private const int MaxJobs = 10_000;

    private const string Report = """
        INSERT INTO lane_rates (lane_id, node_id, per_second, mean_ms, deviation_ms, last_minute, measured_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, stashai_now())
        ON CONFLICT DO UPDATE SET per_second = excluded.per_second, mean_ms = excluded.mean_ms, deviation_ms = excluded.deviation_ms,
            last_minute = excluded.last_minute, measured_at = excluded.measured_at
        """;

    // Reports of lost nodes are removed once another node has measured the lane.
    private const string Forget = """
        DELETE FROM lane_rates WHERE lane_id = ?1 AND node_id <> ?2
            AND node_id NOT IN (SELECT id FROM nodes WHERE lease_until > stashai_now())
        """;

    private const string Job = """
        SELECT lane_id, available + scheduled + running, effective_priority, max_parallel FROM queue_jobs WHERE id = ?1
            AND state <> 6 /* Staging */
        """;

    private const string Lane = "SELECT id FROM lanes WHERE service = ?1 AND authority = ?2";

    private const string Ahead = """
        SELECT TOTAL(CASE WHEN effective_priority > ?3 THEN open ELSE MIN(open, ?4) END) FROM (
            SELECT effective_priority, available + running AS open FROM queue_jobs INDEXED BY queue_jobs_runnable
            WHERE lane_id = ?1 AND available > 0 AND paused = 0 AND cancelling = 0 AND running < max_parallel
                AND id <> ?2 AND effective_priority >= ?3
            LIMIT ?5)
        """;

    private const string Rates = """
        SELECT r.per_second, r.mean_ms, r.deviation_ms, n.id IS NOT NULL
        FROM lane_rates r LEFT JOIN nodes n ON n.id = r.node_id AND n.lease_until > stashai_now()
        WHERE r.lane_id = ?1 ORDER BY r.measured_at DESC
        """;

    private const string OfLane = """
        SELECT lane_id, available + scheduled + running, effective_priority, max_parallel,
            CASE WHEN available > 0 AND paused = 0 AND cancelling = 0 AND running < max_parallel THEN available + running ELSE 0 END
        FROM queue_jobs WHERE id = ?1 AND state <> 6 /* Staging */
        """;

    private const string Backlog = """
        SELECT effective_priority, available + running FROM queue_jobs INDEXED BY queue_jobs_runnable
        WHERE lane_id = ?1 AND available > 0 AND paused = 0 AND cancelling = 0 AND running < max_parallel
        ORDER BY effective_priority DESC LIMIT ?2
        """;

    private const string Totals = "SELECT service, kind, state, SUM(count) FROM totals GROUP BY service, kind, state";

    private const string Nodes = "SELECT COUNT(*) FROM nodes WHERE rescued = 0 AND lease_until > stashai_now()";

    private const string Oldest = """
        SELECT MIN(created_at) FROM (
            SELECT created_at FROM queue_jobs INDEXED BY queue_jobs_runnable
            WHERE available > 0 AND paused = 0 AND cancelling = 0 AND running < max_parallel LIMIT ?1)
        """;

    private const string LastMinute = "SELECT SUM(last_minute) FROM lane_rates WHERE measured_at BETWEEN "
        + "stashai_now() - 59999 AND stashai_now() + 1000";

    public Task ReportAsync(long nodeKey, IReadOnlyList<LaneRate> rates, CancellationToken cancellationToken) =>
        writer.RunAsync(session => Write(session, nodeKey, rates), cancellationToken);

    public Task<JobOutlook?> ReadOutlookAsync(long jobKey, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => Outlook(session, jobKey), cancellationToken);

    public Task<JobOutlook> ReadOutlookAsync(QuotedJob job, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => Outlook(session, job), cancellationToken);

    public Task<IReadOnlyDictionary<long, JobOutlook>> ReadOutlooksAsync(
        IReadOnlyList<long> jobKeys, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyDictionary<long, JobOutlook>>(session => Outlooks(session, jobKeys), cancellationToken);

    public Task<bool> AddSeriesAsync(DateTimeOffset minute, IReadOnlyList<SeriesAddition> additions, CancellationToken cancellationToken) =>
        writer.RunAsync(session => SqliteSeries.Write(session, minute, additions), cancellationToken);

    public Task RollSeriesAsync(CancellationToken cancellationToken) => writer.RunAsync(SqliteSeries.Roll, cancellationToken);

    public Task<IReadOnlyList<DayCost>> ReadCostsAsync(CostQuery query, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqliteCosts.Of(session, query, limit), cancellationToken);

    public Task<IReadOnlyList<SeriesPoint>> ReadSeriesAsync(SeriesQuery query, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqliteSeries.Read(session, query), cancellationToken);

    public Task<JobTimeline> ReadTimelineAsync(JobView job, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => SqliteTimelineList.Read(session, job), cancellationToken);

    public Task<QueueStats> ReadStatsAsync(CancellationToken cancellationToken) => readers.ReadAsync(Stats, cancellationToken);

    private static int Write(SqliteSession session, long nodeKey, IReadOnlyList<LaneRate> rates)
    {
        foreach (var rate in rates)
        {
            session.Use(Report).Bind(1, rate.LaneKey).Bind(2, nodeKey).Bind(3, rate.PerSecond).Bind(4, rate.MeanMs)
                .Bind(5, rate.DeviationMs)
                .Bind(6, rate.LastMinute).Run();
            session.Use(Forget).Bind(1, rate.LaneKey).Bind(2, nodeKey).Run();
        }

        return rates.Count;
    }

    private static JobOutlook? Outlook(SqliteSession session, long jobKey)
    {
        var job = session.Use(Job).Bind(1, jobKey);
        if (!job.Step()) return null;
        return Outlook(session, job.Int64(0), jobKey, job.Int32(1), job.Int32(2), job.Int32(3));
    }

    private static JobOutlook Outlook(SqliteSession session, QuotedJob job) =>
        session.Use(Lane).Bind(1, job.Service).Bind(2, job.Authority).Scalar() is { } lane
            ? Outlook(session, lane, 0, job.Count, job.Priority, job.MaxParallel)
            : LaneSpeed.Outlook([], job.Count, 0, job.MaxParallel);

    private static JobOutlook Outlook(SqliteSession session, long lane, long jobKey, int open, int priority, int parallel)
    {
        var ahead = session.Use(Ahead).Bind(1, lane).Bind(2, jobKey).Bind(3, priority).Bind(4, open).Bind(5, MaxJobs);
        ahead.Step();
        var before = (long)ahead.Real(0);
        var rates = new List<LaneSpeed>();
        var rows = session.Use(Rates).Bind(1, lane);
        while (rows.Step()) rates.Add(new LaneSpeed(rows.Real(0), rows.Real(1), rows.Real(2), rows.Int32(3) != 0));
        return LaneSpeed.Outlook(rates, open, before, parallel);
    }

    private static Dictionary<long, JobOutlook> Outlooks(SqliteSession session, IReadOnlyList<long> jobKeys)
    {
        var outlooks = new Dictionary<long, JobOutlook>(jobKeys.Count);
        var lanes = new Dictionary<long, LaneBacklog>();
        foreach (var key in jobKeys)
        {
            var row = session.Use(OfLane).Bind(1, key);
            if (!row.Step()) continue;
            var job = new JobInLane(key, row.Int64(0), row.Int32(1), row.Int32(2), row.Int32(3), row.Int32(4));
            if (!lanes.TryGetValue(job.LaneKey, out var lane)) lanes.Add(job.LaneKey, lane = ReadLane(session, job.LaneKey));
            outlooks[key] = lane.Of(job);
        }

        return outlooks;
    }

    private static LaneBacklog ReadLane(SqliteSession session, long laneKey)
    {
        var lane = new LaneBacklog();
        var waiting = session.Use(Backlog).Bind(1, laneKey).Bind(2, MaxJobs);
        while (waiting.Step()) lane.Add(waiting.Int32(0), waiting.Int32(1), 1);
        var rows = session.Use(Rates).Bind(1, laneKey);
        while (rows.Step()) lane.Add(new LaneSpeed(rows.Real(0), rows.Real(1), rows.Real(2), rows.Int32(3) != 0));
        return lane;
    }

    /// <summary>How many tasks each service has.</summary>
    public static IReadOnlyList<(string Service, QueueTotals Tasks)> TasksByService(SqliteSession session) =>
        ReadTotals(session, new long[6]);

    private static IReadOnlyList<(string Service, QueueTotals Tasks)> ReadTotals(SqliteSession session, long[] jobs)
    {
        var services = new SortedDictionary<string, long[]>(StringComparer.Ordinal);
        var rows = session.Use(Totals);
        while (rows.Step())
        {
            var state = rows.Int32(2);
            if (rows.Int32(1) == 0)
            {
                var name = rows.Text(0);
                if (!services.TryGetValue(name, out var tasks)) services.Add(name, tasks = new long[6]);
                tasks[state] += rows.Int64(3);
            }
            else if (state < jobs.Length)
            {
                jobs[state] += rows.Int64(3);
            }
        }

        return [.. services.Select(service => (service.Key, QueueTotals.Of(service.Value)))];
    }

    private static QueueStats Stats(SqliteSession session)
    {
        var jobs = new long[6];
        var services = ReadTotals(session, jobs);
        var oldest = session.Use(Oldest).Bind(1, MaxJobs).Scalar();
        return new QueueStats(
            services,
            jobs,
            (int)session.Use(Nodes).Scalar()!.Value,
            oldest is { } time ? DateTimeOffset.FromUnixTimeMilliseconds(time) : null,
            (int)(session.Use(LastMinute).Scalar() ?? 0));
    }
}
