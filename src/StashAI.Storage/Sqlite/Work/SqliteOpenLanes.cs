using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;
using StashAI.Sdk;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Work;

/// <summary>Reads the lanes and jobs that a claim may choose from, and advances the lanes it has chosen.</summary>
internal static class SqliteOpenLanes
{
    private const string ReadLanes = """
        SELECT l.id, l.service, l.clock, l.blocked_until, l.rate_tokens, l.rate_updated_at,
            COALESCE(s.set_max_running, s.max_running), COALESCE(s.set_rate_per_second, s.rate_per_second),
            COALESCE(s.set_rate_burst, s.rate_burst, 1), s.required_labels,
            l.circuit_state, l.circuit_failures, l.circuit_suspects, l.circuit_pauses, l.circuit_until, s.health_path IS NOT NULL,
            CASE WHEN COALESCE(s.set_max_running, s.max_running) IS NOT NULL
                    OR l.circuit_state IN (1, 2) /* Open, HalfOpen */ OR l.circuit_pauses > 0
                THEN (SELECT SUM(running) FROM queue_jobs WHERE lane_id = l.id AND running > 0) END,
            l.served_at,
            (SELECT j.effective_priority FROM queue_jobs j
                WHERE j.lane_id = l.id AND j.available > 0 AND j.paused = 0 AND j.cancelling = 0 AND j.running < j.max_parallel
                ORDER BY j.effective_priority DESC, j.vtime, j.id LIMIT 1) AS head,
            NOT EXISTS (SELECT 1 FROM nodes WHERE rescued = 0 AND id <> ?2)
        FROM lanes l LEFT JOIN services s ON s.name = l.service
        WHERE l.blocked_until <= ?1 AND l.service NOT IN (SELECT service FROM pauses) AND NOT EXISTS (SELECT 1 FROM pauses WHERE service = '*')
            AND (s.open_until IS NULL OR (s.open_from <= ?1 AND s.open_until > ?1))
            AND (head IS NOT NULL OR l.id IN (
                SELECT j.lane_id FROM queue_tasks t CROSS JOIN queue_jobs j WHERE t.state = 0 /* Available */
                    AND t.requeued = 2 /* suspect */ AND j.id = t.id >> 24))
        """;

    // Lanes without work count too: one unnecessary claim costs nothing.
    private const string NextOpening = """
        SELECT MIN(at) FROM (
            SELECT MIN(blocked_until) AS at FROM lanes WHERE blocked_until > ?1
            UNION ALL SELECT MIN(open_from) FROM services WHERE open_from > ?1)
        """;

    private const string Runnable = """
        SELECT id, effective_priority, vtime, weight, MIN(available, max_parallel - running), requeued, next_ordinal, total, available, task_type
        FROM queue_jobs
        WHERE lane_id = ?1 AND available > 0 AND paused = 0 AND cancelling = 0 AND running < max_parallel
        ORDER BY effective_priority DESC, vtime, id LIMIT ?2
        """;

    private const string MoveClock = "UPDATE lanes SET clock = ?2, served_at = stashai_now() WHERE id = ?1";

    private const string SaveBucket = "UPDATE lanes SET rate_tokens = ?2, rate_updated_at = ?3 WHERE id = ?1";

    /// <summary>The lanes that are open to this node, or will open by themselves, and whether no other has ready tasks.</summary>
    public static (List<LaneCandidate> Lanes, bool AreAll) ReadOpenLanes(
        SqliteSession session, ClaimRequest request, LabelSet labels, long now)
    {
        var (lanes, areAll) = (new List<LaneCandidate>(), true);
        var rows = session.Use(ReadLanes).Bind(1, now).Bind(2, request.NodeKey);
        while (rows.Step())
        {
            var (key, service) = (rows.Int64(0), rows.Text(1));
            if (!request.Services.Contains(service)) continue;
            var status = Status(rows, request, key);
            var capacity = LaneGate.Evaluate(status, labels, now);
            if (capacity.IsBlocked && capacity.OpensIn is null)
            {
                areAll = false;
                continue;
            }

            lanes.Add(new LaneCandidate(key, rows.Int64(2), capacity)
            {
                MaxRunning = status.MaxRunning,
                ServedAt = rows.Int64(17),
                Priority = rows.Int32(18),
                PackSizes = request.PackSizes.GetValueOrDefault(service),
            });
        }

        return (lanes, areAll);
    }

    /// <summary>How long until the next lane opens that is closed now, in milliseconds; null when none is closed.</summary>
    public static long? ReadNextOpening(SqliteSession session, long now) => session.Use(NextOpening).Bind(1, now).Scalar() - now;

    public static void ReadJobs(SqliteSession session, LaneCandidate lane, int limit)
    {
        if (!lane.Capacity.HasRoom) return;
        var jobs = session.Use(Runnable).Bind(1, lane.Key).Bind(2, limit);
        while (jobs.Step())
        {
            lane.Jobs.Add(new JobCandidate(
                jobs.Int64(0), jobs.Int32(1), jobs.Int64(2), jobs.Int32(3), jobs.Int32(4), jobs.Int32(5), jobs.Int32(6), jobs.Int32(7),
                jobs.Int32(8))
            {
                PackSize = lane.PackSizes?.GetValueOrDefault(jobs.Text(9), 1) ?? 1,
            });
        }
    }

    /// <summary>Advances the lane's clock by the claimed tasks, and takes a token for each call.</summary>
    public static void AdvanceLane(SqliteSession session, LaneCandidate lane, int count, int calls)
    {
        session.Use(MoveClock).Bind(1, lane.Key).Bind(2, lane.ClockAfter(count)).Run();
        if (lane.Capacity.Bucket is { RefilledAt: { } at } bucket)
            session.Use(SaveBucket).Bind(1, lane.Key).Bind(2, bucket.Take(calls).Tokens).Bind(3, at).Run();
    }

    private static LaneStatus Status(SqliteStatement row, ClaimRequest request, long key) => new()
    {
        BlockedUntil = row.Int64(3),
        Bucket = new TokenBucket(row.Real(4), row.IsNull(5) ? null : row.Int64(5)),
        MaxRunning = row.IsNull(6) ? null : row.Int32(6),
        Rate = row.IsNull(7) ? null : new RateLimit(row.Real(7), row.Real(8)),
        RequiredLabels = row.IsNull(9) ? LabelSet.Empty : LabelSet.Parse(row.Text(9)),
        Circuit = new Circuit((CircuitState)row.Int32(10), row.Int32(11), row.Int32(12), row.Int32(13), row.Int64(14)),
        HasHealthPath = row.Int32(15) != 0,
        Running = Math.Max(0, row.Int32(16) - request.SharedTasks(key)),
        // Another node gets nothing while more calls are claimed than the limit allows, so those are all this node's.
        Lead = row.Int32(19) != 0 ? request.Leads(key) : default,
    };
}
