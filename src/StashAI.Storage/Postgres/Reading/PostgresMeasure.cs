using Npgsql;
using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Store;
using StashAI.Storage.Measures;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Units;
using StashAI.Storage.Postgres.Work;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Reading;

/// <summary>The speed of lanes, and totals over the queue.</summary>
internal sealed class PostgresMeasure(PostgresDatabase database) : IMeasure
{
    /// <summary>The most jobs of a lane that an outlook reads; more would change it little.</summary>
    private const int MaxJobs = 10_000;

    private const string Report = """
        INSERT INTO lane_rates (lane_id, node_id, per_second, mean_ms, deviation_ms, last_minute, measured_at)
        VALUES ($1, $2, $3, $4, $5, $6, stashai_now())
        ON CONFLICT (lane_id, node_id) DO UPDATE SET per_second = excluded.per_second, mean_ms = excluded.mean_ms,
            deviation_ms = excluded.deviation_ms, last_minute = excluded.last_minute, measured_at = excluded.measured_at
        """;

    // Reports of lost nodes are removed once another node has measured the lane. Skips locked rows, so that no process waits here.
    private const string Forget = """
        DELETE FROM lane_rates WHERE (lane_id, node_id) IN (
            SELECT lane_id, node_id FROM lane_rates WHERE lane_id = $1 AND node_id <> $2
                AND NOT EXISTS (SELECT 1 FROM nodes WHERE nodes.id = node_id AND lease_until > stashai_now())
            FOR UPDATE SKIP LOCKED)
        """;

    private const string Job = """
        SELECT available + scheduled + running, max_parallel FROM queue_jobs WHERE id = $1 AND state <> 6 /* Staging */
        """;

    private const string Ahead = """
        SELECT COALESCE(SUM(CASE WHEN o.effective_priority > j.effective_priority THEN o.open ELSE LEAST(o.open, j.open) END), 0)::bigint
        FROM (SELECT id, lane_id, effective_priority, available + scheduled + running AS open FROM queue_jobs WHERE id = $1) AS j
        CROSS JOIN LATERAL (
            SELECT effective_priority, available + running AS open FROM queue_jobs
            WHERE is_runnable AND lane_id = j.lane_id AND effective_priority >= j.effective_priority AND id <> j.id LIMIT $2) AS o
        """;

    private const string Rates = """
        SELECT r.per_second, r.mean_ms, r.deviation_ms, n.id IS NOT NULL
        FROM lane_rates r LEFT JOIN nodes n ON n.id = r.node_id AND n.lease_until > stashai_now()
        WHERE r.lane_id = (SELECT lane_id FROM queue_jobs WHERE id = $1) ORDER BY r.measured_at DESC
        """;

    private const string AheadInLane = """
        SELECT COALESCE(SUM(CASE WHEN o.effective_priority > $3::int THEN o.open ELSE LEAST(o.open, $4::int) END), 0)::bigint
        FROM (
            SELECT effective_priority, available + running AS open FROM queue_jobs
            WHERE is_runnable AND lane_id = (SELECT id FROM lanes WHERE service = $1 AND authority = $2) AND effective_priority >= $3::int
            LIMIT $5) AS o
        """;

    private const string RatesOfLane = """
        SELECT r.per_second, r.mean_ms, r.deviation_ms, n.id IS NOT NULL
        FROM lane_rates r LEFT JOIN nodes n ON n.id = r.node_id AND n.lease_until > stashai_now()
        WHERE r.lane_id = (SELECT id FROM lanes WHERE service = $1 AND authority = $2) ORDER BY r.measured_at DESC
        """;

    private const string OfLanes = """
        SELECT id, lane_id, available + scheduled + running, effective_priority::integer, max_parallel,
            CASE WHEN is_runnable THEN available + running ELSE 0 END
        FROM queue_jobs WHERE id = ANY ($1) AND state <> 6 /* Staging */
        """;

    private const string Backlogs = """
        SELECT l.id, o.effective_priority::integer, o.open, COUNT(*)::integer FROM unnest($1::bigint[]) AS l (id)
        CROSS JOIN LATERAL (
            SELECT effective_priority, available + running AS open FROM queue_jobs
            WHERE is_runnable AND lane_id = l.id ORDER BY lane_id, effective_priority DESC LIMIT $2) AS o
        GROUP BY l.id, o.effective_priority, o.open
        """;

    private const string RatesOfLanes = """
        SELECT r.lane_id, r.per_second, r.mean_ms, r.deviation_ms, n.id IS NOT NULL
        FROM lane_rates r LEFT JOIN nodes n ON n.id = r.node_id AND n.lease_until > stashai_now()
        WHERE r.lane_id = ANY ($1) ORDER BY r.measured_at DESC
        """;

    private const string Totals = "SELECT service, kind, state, SUM(count)::bigint FROM totals GROUP BY service, kind, state";

    private const string Nodes = "SELECT COUNT(*)::integer FROM nodes WHERE rescued = 0 AND lease_until > stashai_now()";

    private const string Oldest = "SELECT MIN(created_at) FROM (SELECT created_at FROM queue_jobs WHERE is_runnable LIMIT $1) AS oldest";

    private const string LastMinute =
        "SELECT COALESCE(SUM(last_minute), 0)::integer FROM lane_rates WHERE measured_at BETWEEN "
        + "stashai_now() - 59999 AND stashai_now() + 1000";

    public async Task ReportAsync(long nodeKey, IReadOnlyList<LaneRate> rates, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch();
        foreach (var rate in rates)
        {
            batch.Add(
                Report, Value(rate.LaneKey), Value(nodeKey), Value(rate.PerSecond), Value(rate.MeanMs), Value(rate.DeviationMs),
                Value(rate.LastMinute));
            batch.Add(Forget, Value(rate.LaneKey), Value(nodeKey));
        }

        await batch.RunAsync(cancellationToken);
    }

    public async Task<JobOutlook?> ReadOutlookAsync(long jobKey, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Job, Value(jobKey)).Add(Ahead, Value(jobKey), Value(MaxJobs)).Add(Rates, Value(jobKey));
        await using var rows = await batch.ReadAsync(cancellationToken);
        if (!await rows.ReadAsync(cancellationToken)) return null;
        var (open, parallel) = (rows.GetInt32(0), rows.GetInt32(1));
        await rows.NextResultAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        return await ReadOutlookAsync(rows, open, parallel, cancellationToken);
    }

    public async Task<JobOutlook> ReadOutlookAsync(QuotedJob job, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch()
            .Add(AheadInLane, Text(job.Service), Text(job.Authority), Value(job.Priority), Value(job.Count), Value(MaxJobs))
            .Add(RatesOfLane, Text(job.Service), Text(job.Authority));
        await using var rows = await batch.ReadAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        return await ReadOutlookAsync(rows, job.Count, job.MaxParallel, cancellationToken);
    }

    /// <summary>Reads the tasks ahead from the current row, then the speeds.</summary>
    private static async Task<JobOutlook> ReadOutlookAsync(
        NpgsqlDataReader rows, int open, int parallel, CancellationToken cancellationToken)
    {
        var ahead = rows.GetInt64(0);
        await rows.NextResultAsync(cancellationToken);
        var rates = new List<LaneSpeed>();
        while (await rows.ReadAsync(cancellationToken))
            rates.Add(new LaneSpeed(rows.GetDouble(0), rows.GetDouble(1), rows.GetDouble(2), rows.GetBoolean(3)));
        return LaneSpeed.Outlook(rates, open, ahead, parallel);
    }

    public async Task<IReadOnlyDictionary<long, JobOutlook>> ReadOutlooksAsync(
        IReadOnlyList<long> jobKeys, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var jobs = await PostgresRows.ListAsync(session.Batch().Add(OfLanes, Value(jobKeys.ToArray())), row => new JobInLane(
            row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetInt32(3), row.GetInt32(4), row.GetInt32(5)), cancellationToken);
        var lanes = jobs.Select(job => job.LaneKey).Distinct().ToDictionary(key => key, _ => new LaneBacklog());
        if (lanes.Count == 0) return new Dictionary<long, JobOutlook>();
        var keys = lanes.Keys.ToArray();
        await using var batch = session.Batch().Add(Backlogs, Value(keys), Value(MaxJobs)).Add(RatesOfLanes, Value(keys));
        await using var rows = await batch.ReadAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) lanes[rows.GetInt64(0)].Add(rows.GetInt32(1), rows.GetInt32(2), rows.GetInt32(3));
        await rows.NextResultAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            lanes[rows.GetInt64(0)].Add(
                new LaneSpeed(rows.GetDouble(1), rows.GetDouble(2), rows.GetDouble(3), rows.GetBoolean(4)));
        }

        return jobs.ToDictionary(job => job.Key, job => lanes[job.LaneKey].Of(job));
    }

    public async Task<bool> AddSeriesAsync(
        DateTimeOffset minute, IReadOnlyList<SeriesAddition> additions, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await PostgresSeries.WriteAsync(session, minute, additions, cancellationToken);
    }

    public async Task RollSeriesAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await PostgresSeries.RollAsync(session, cancellationToken);
    }

    public async Task<IReadOnlyList<DayCost>> ReadCostsAsync(CostQuery query, int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await PostgresCosts.ReadAsync(session, query, limit, cancellationToken);
    }

    public async Task<IReadOnlyList<SeriesPoint>> ReadSeriesAsync(SeriesQuery query, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await PostgresSeries.ReadAsync(session, query, cancellationToken);
    }

    public async Task<JobTimeline> ReadTimelineAsync(JobView job, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await PostgresTimelineList.ReadAsync(session, job, cancellationToken);
    }

    public async Task<QueueStats> ReadStatsAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var jobs = new long[6];
        await using var batch = session.Batch().Add(Totals).Add(Nodes).Add(Oldest, Value(MaxJobs)).Add(LastMinute);
        await using var rows = await batch.ReadAsync(cancellationToken);
        var services = await ReadTotalsAsync(rows, jobs, cancellationToken);
        await rows.NextResultAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        var nodes = rows.GetInt32(0);
        await rows.NextResultAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        var oldest = PostgresRows.Time(rows, 0);
        await rows.NextResultAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        return new QueueStats(services, jobs, nodes, oldest, rows.GetInt32(0));
    }

    /// <summary>How many tasks each service has.</summary>
    public static async Task<IReadOnlyList<(string Service, QueueTotals Tasks)>> TasksByServiceAsync(
        PostgresSession session, CancellationToken cancellationToken)
    {
        await using var batch = session.Batch().Add(Totals);
        await using var rows = await batch.ReadAsync(cancellationToken);
        return await ReadTotalsAsync(rows, new long[6], cancellationToken);
    }

    private static async Task<IReadOnlyList<(string Service, QueueTotals Tasks)>> ReadTotalsAsync(
        NpgsqlDataReader rows, long[] jobs, CancellationToken cancellationToken)
    {
        var services = new SortedDictionary<string, long[]>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancellationToken))
        {
            var (name, state) = (rows.GetString(0), rows.GetInt16(2));
            if (rows.GetInt16(1) == 0)
            {
                if (!services.TryGetValue(name, out var tasks)) services.Add(name, tasks = new long[6]);
                tasks[state] += rows.GetInt64(3);
            }
            else if (state < jobs.Length)
            {
                jobs[state] += rows.GetInt64(3);
            }
        }

        return [.. services.Select(service => (service.Key, QueueTotals.Of(service.Value)))];
    }
}
