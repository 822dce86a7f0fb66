using Npgsql;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;
using StashAI.Sdk;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Work;

/// <summary>Locks and reads the lanes and jobs that a claim may choose from.</summary>
internal static class PostgresOpenLanes
{
    private const string IsAllowed = """
        l.service = ANY ($1) AND NOT EXISTS (SELECT 1 FROM pauses p WHERE p.service IN (l.service, '*'))
            AND NOT EXISTS (SELECT 1 FROM services h
                WHERE h.name = l.service AND (h.open_from > stashai_now() OR h.open_until <= stashai_now()))
        """;

    private const string HasWork = """
        (EXISTS (SELECT 1 FROM queue_jobs j WHERE j.lane_id = l.id AND j.is_runnable)
            OR l.id IN (SELECT j.lane_id FROM queue_tasks t JOIN queue_jobs j ON j.id = t.id >> 24 WHERE t.requeued = 2 /* suspect */))
        """;

    // Claims of a lane run one after the other, on all nodes: only claims increase its running tasks (S3).
    private const string LockLanes = $"""
        SELECT id, pg_advisory_xact_lock(1937007987, id::int) FROM (
            SELECT id FROM (
                -- A server has room for some thousand locks: of more lanes, those that have waited longest.
                SELECT l.id FROM lanes l
                WHERE {IsAllowed} AND l.blocked_until <= stashai_now() AND {HasWork}
                ORDER BY l.served_at, l.id LIMIT 1000) AS longest
            ORDER BY id) AS open
        """;

    private const string ReadNode = """
        SELECT labels, stashai_now(), suspect_id,
            EXISTS (SELECT 1 FROM queue_tasks t WHERE t.id = n.suspect_id AND t.node_id = $1 AND t.state = 2 /* Running */)
        FROM nodes n WHERE id = $1 AND lease_until > stashai_now() AND rescued = 0
        """;

    private const string ReadLanes = $"""
        SELECT l.id, l.clock, l.blocked_until, l.rate_tokens, l.rate_updated_at, COALESCE(s.set_max_running, s.max_running),
            COALESCE(s.set_rate_per_second, s.rate_per_second), COALESCE(s.set_rate_burst, s.rate_burst, 1), s.required_labels,
            l.circuit_state, l.circuit_failures, l.circuit_suspects, l.circuit_pauses, l.circuit_until,
            s.health_path IS NOT NULL,
            CASE WHEN COALESCE(s.set_max_running, s.max_running) IS NOT NULL
                    OR l.circuit_state IN (1, 2) /* Open, HalfOpen */ OR l.circuit_pauses > 0
                THEN (SELECT COALESCE(SUM(running), 0) FROM queue_jobs WHERE lane_id = l.id AND is_running) ELSE 0 END::int,
            l.served_at, l.service, NOT EXISTS (SELECT 1 FROM nodes n WHERE n.rescued = 0 AND n.id <> $2)
        FROM lanes l LEFT JOIN services s ON s.name = l.service
        WHERE {IsAllowed} AND l.blocked_until <= stashai_now() AND {HasWork} ORDER BY l.id
        """;

    // Lanes without work count too: one unnecessary claim costs nothing.
    private const string NextOpening = """
        SELECT LEAST(
            (SELECT MIN(blocked_until) FROM lanes WHERE blocked_until > stashai_now()),
            (SELECT MIN(open_from) FROM services WHERE open_from > stashai_now())) - stashai_now()
        """;

    private const string Runnable = $"""
        SELECT l.id, j.id, j.effective_priority, j.vtime, j.weight, LEAST(j.available, j.max_parallel - j.running), j.requeued, j.next_ordinal,
            j.total, j.available, j.task_type
        FROM lanes l CROSS JOIN LATERAL (
            SELECT * FROM queue_jobs WHERE lane_id = l.id AND is_runnable ORDER BY effective_priority DESC, vtime, id
            -- Jobs with nothing but suspects must not take the places of later jobs.
            LIMIT CASE WHEN l.circuit_pauses > 0 THEN 1000 /* TrialChoice.Among */
                ELSE $2 + (SELECT COUNT(*) FROM queue_tasks WHERE requeued = 2 /* suspect */) END) AS j
        WHERE {IsAllowed} AND l.blocked_until <= stashai_now() ORDER BY l.id
        """;

    /// <summary>
    /// Locks and reads the lanes that are open to this node, or will open by themselves; none when the node's lease has expired.
    /// </summary>
    public static async Task<ClaimView> LockAsync(PostgresSession session, ClaimRequest request, CancellationToken cancellationToken)
    {
        await using var batch = session.Batch().Add(Begin);
        AddReads(batch, [.. request.Services], request.NodeKey, request.Slots + request.Ahead);
        await using var rows = await batch.ReadAsync(cancellationToken);
        var locked = new HashSet<long>();
        while (await rows.ReadAsync(cancellationToken)) locked.Add(rows.GetInt64(0));
        await rows.NextResultAsync(cancellationToken);
        var view = new ClaimView();
        if (await rows.ReadAsync(cancellationToken))
        {
            var (labels, now) = (LabelSet.Parse(rows.GetString(0)), rows.GetInt64(1));
            view.OwnSuspect = rows.IsDBNull(2) ? null : rows.GetInt64(2);
            view.OwnSuspectRuns = rows.GetBoolean(3);
            view.SeesAll = true;
            await rows.NextResultAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                var (key, service) = (rows.GetInt64(0), rows.GetString(17));
                var status = Status(rows, request, key);
                var opening = LaneGate.Evaluate(status, labels, now);
                if (opening.IsBlocked && opening.OpensIn is null)
                {
                    view.SeesAll = false;
                    continue;
                }

                view.Lanes.Add(new LaneCandidate(key, rows.GetInt64(1), opening)
                {
                    MaxRunning = status.MaxRunning,
                    ServedAt = rows.GetInt64(16),
                    PackSizes = request.PackSizes.GetValueOrDefault(service),
                });
                view.Circuits.Add(key, status.Circuit);
            }

            // A lane that opened between the statements is not locked; the next claim includes it.
            foreach (var lane in view.Lanes.Where(lane => locked.Contains(lane.Key))) view.Capacities.Add(lane.Key, lane.Capacity);
            var open = view.Lanes.Where(lane => lane.Capacity.HasRoom && locked.Contains(lane.Key)).ToDictionary(lane => lane.Key);
            await rows.NextResultAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                if (!open.TryGetValue(rows.GetInt64(0), out var lane)) continue;
                lane.Jobs.Add(new JobCandidate(
                    rows.GetInt64(1), rows.GetInt16(2), rows.GetInt64(3), rows.GetInt32(4), rows.GetInt32(5), rows.GetInt32(6),
                    rows.GetInt32(7), rows.GetInt32(8), rows.GetInt32(9))
                {
                    PackSize = lane.PackSizes?.GetValueOrDefault(rows.GetString(10), 1) ?? 1,
                });
            }

            foreach (var lane in view.Lanes) TrialChoice.KeepTrialJob(lane);
            await rows.NextResultAsync(cancellationToken);
            while (await rows.ReadAsync(cancellationToken))
            {
                view.Suspects.Add(
                    new Suspect(rows.GetInt64(0), rows.GetInt64(1), rows.GetInt32(2), rows.IsDBNull(3) ? null : rows.GetInt64(3)));
            }

            await rows.NextResultAsync(cancellationToken);
            if (await rows.ReadAsync(cancellationToken) && !rows.IsDBNull(0)) view.UnblocksIn = TimeSpan.FromMilliseconds(rows.GetInt64(0));
        }

        await PostgresBatch.EndAsync(rows, cancellationToken);
        return view;
    }

    /// <summary>Adds the statements that lock and read.</summary>
    public static void AddReads(PostgresBatch batch, string[] services, long nodeKey, long jobsOfLane) => batch
        .Add(LockLanes, Value(services)).Add(ReadNode, Value(nodeKey)).Add(ReadLanes, Value(services), Value(nodeKey))
        .Add(Runnable, Value(services), Value(jobsOfLane)).Add(PostgresSuspects.Find).Add(NextOpening);

    private static LaneStatus Status(NpgsqlDataReader row, ClaimRequest request, long key) => new()
    {
        BlockedUntil = row.GetInt64(2),
        Bucket = new TokenBucket(row.GetDouble(3), row.IsDBNull(4) ? null : row.GetInt64(4)),
        MaxRunning = row.IsDBNull(5) ? null : row.GetInt32(5),
        Rate = row.IsDBNull(6) ? null : new RateLimit(row.GetDouble(6), row.GetDouble(7)),
        RequiredLabels = row.IsDBNull(8) ? LabelSet.Empty : LabelSet.Parse(row.GetString(8)),
        Circuit = new Circuit((CircuitState)row.GetInt16(9), row.GetInt32(10), row.GetInt32(11), row.GetInt32(12), row.GetInt64(13)),
        HasHealthPath = row.GetBoolean(14),
        Running = Math.Max(0, row.GetInt32(15) - request.SharedTasks(key)),
        // Another node gets nothing while more calls are claimed than the limit allows, so those are all this node's.
        Lead = row.GetBoolean(18) ? request.Leads(key) : default,
    };
}
