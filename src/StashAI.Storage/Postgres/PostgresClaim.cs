using Npgsql;
using StashAI.Queue.Model;
using StashAI.Queue.Policies;
using static StashAI.Storage.Postgres.PostgresBatch;

namespace StashAI.Storage.Postgres;

/// <summary>
/// Claims tasks in two levels: jobs first, by priority and virtual time, then each job's next tasks in item order. Two round trips:
/// one that locks the lanes and reads the candidates, one that claims and commits.
/// </summary>
internal static class PostgresClaim
{
    private const string IsOpen = "l.service = ANY ($1) AND l.paused = 0 AND l.blocked_until <= stashai_now()";

    // Claims of a lane come one after the other, whichever node they are of: only claims raise its running tasks (S3).
    private const string LockLanes = $"""
        SELECT id, pg_advisory_xact_lock(1937007987, id::int) FROM (
            SELECT l.id FROM lanes l
            WHERE {IsOpen} AND EXISTS (SELECT 1 FROM queue_jobs j WHERE j.lane_id = l.id AND j.is_runnable)
            ORDER BY l.id) AS open
        """;

    private const string Runnable = $"""
        SELECT l.id, l.clock,
            l.max_running - (SELECT COALESCE(SUM(running), 0) FROM queue_jobs WHERE lane_id = l.id AND is_running),
            j.id, j.priority, j.vtime, j.weight, LEAST(j.available, j.max_parallel - j.running), j.requeued, j.next_ordinal, j.total, j.available
        FROM lanes l CROSS JOIN LATERAL (
            SELECT * FROM queue_jobs WHERE lane_id = l.id AND is_runnable ORDER BY priority DESC, vtime, id LIMIT $2) AS j
        WHERE {IsOpen} ORDER BY l.id
        """;

    // Holds off the rescue of this node until the claim is over, and does not hold up its heartbeat.
    private const string HoldNode = "SELECT COUNT(*) FROM (SELECT 1 FROM nodes WHERE id = $1 FOR KEY SHARE) AS held";

    private const string HoldLanes = "SELECT COUNT(*) FROM (SELECT 1 FROM lanes WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE) AS held";

    private const string HoldJobs = """
        SELECT id, public_id, state, version, service, task_type, upstream, config, max_attempts
        FROM queue_jobs WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE
        """;

    // Counts again under the locks: a cancel may have come before them.
    private const string Claim = $"""
        WITH pick AS MATERIALIZED (
            SELECT j.id << 24 AS first, j.total, j.next_ordinal, j.requeued, j.available,
                LEAST(p.slots, j.available, j.max_parallel - j.running) AS slots
            FROM unnest($2::bigint[], $3::int[]) AS p (id, slots) JOIN queue_jobs j ON j.id = p.id
            WHERE j.paused = 0 AND j.cancelling = 0
                AND EXISTS (SELECT 1 FROM nodes WHERE id = $1 AND lease_until > stashai_now() AND rescued = 0)),
        again AS MATERIALIZED (
            SELECT p.*, ARRAY (
                SELECT id FROM queue_tasks WHERE requeued = 1 AND state = 0 AND id >= p.first AND id < p.first + p.total
                ORDER BY id LIMIT LEAST(p.slots, p.requeued)) AS ids
            FROM pick p),
        chosen AS MATERIALIZED (
            SELECT unnest(ids) AS id, -1 AS requeued FROM again
            UNION ALL
            SELECT unnest(ARRAY (
                SELECT id FROM queue_tasks
                WHERE state = 0 AND requeued = 0 AND id >= a.first + a.next_ordinal AND id < a.first + a.total
                ORDER BY id LIMIT GREATEST(0, LEAST(a.slots - cardinality(a.ids), a.available - a.requeued)))), 0
            FROM again a),
        claimed AS (
            UPDATE queue_tasks t SET state = 2, version = t.version + 1, fence = t.fence + 1, attempt = t.attempt + 1,
                node_id = $1, started_at = (SELECT stashai_now()), requeued = 0
            FROM chosen c WHERE t.id = c.id AND t.state = 0
            RETURNING t.id, t.version, t.fence, t.attempt, c.requeued),
        changed AS (SELECT id, version, 0 AS was, 2 AS becomes, requeued, 0.0::float8 AS ms FROM claimed)
        {PostgresUnit.Move},
        clocks AS (
            UPDATE lanes l SET clock = l.clock + (m.claimed * 1000000 / w.weight)
            FROM unnest($4::bigint[], $5::bigint[]) AS w (lane_id, weight)
                JOIN (SELECT lane_id, SUM(claimed)::bigint AS claimed FROM moved GROUP BY 1) AS m ON m.lane_id = w.lane_id
            WHERE l.id = w.lane_id)
        SELECT c.id, c.fence, c.attempt, c.version, i.input, t.payload_id, t.slot, t.data_url_prefix, p.size
        FROM claimed c LEFT JOIN task_inputs i ON i.task_id = c.id LEFT JOIN task_payloads t ON t.task_id = c.id LEFT JOIN payloads p ON p.id = t.payload_id
        ORDER BY c.id, t.ordinal
        """;

    public static async Task<ClaimedBatch> RunAsync(
        PostgresSession session, long nodeKey, int slots, IReadOnlyCollection<string> services, CancellationToken cancellationToken)
    {
        var lanes = await LockAsync(session, slots, services, cancellationToken);
        var picks = FairShare.Divide(slots, lanes);
        if (picks.Count == 0)
        {
            await using var nothing = session.Batch().Add(Rollback);
            await nothing.RunAsync(CancellationToken.None);
            return ClaimedBatch.Empty;
        }

        // From here on nobody gives up: a claim that is committed and not heard of would be held until the lease ends.
        return await TakeAsync(session, nodeKey, picks);
    }

    private static async Task<List<LaneCandidate>> LockAsync(
        PostgresSession session, int slots, IReadOnlyCollection<string> services, CancellationToken cancellationToken)
    {
        string[] names = [.. services];
        await using var batch = session.Batch().Add(Begin).Add(LockLanes, Value(names)).Add(Runnable, Value(names), Value(slots));
        await using var rows = await batch.ReadAsync(cancellationToken);
        var locked = new HashSet<long>();
        while (await rows.ReadAsync(cancellationToken)) locked.Add(rows.GetInt64(0));
        await rows.NextResultAsync(cancellationToken);
        var lanes = new Dictionary<long, LaneCandidate>();
        while (await rows.ReadAsync(cancellationToken))
        {
            var key = rows.GetInt64(0);
            // A lane that opened between the two statements is not locked: its turn comes with the next claim.
            if (!locked.Contains(key)) continue;
            if (!lanes.TryGetValue(key, out var lane))
            {
                var room = rows.IsDBNull(2) ? slots : (int)Math.Clamp(rows.GetInt64(2), 0, slots);
                lanes.Add(key, lane = new LaneCandidate(key, rows.GetInt64(1), room));
            }

            if (lane.Room > 0)
            {
                lane.Jobs.Add(new JobCandidate(
                    rows.GetInt64(3), rows.GetInt16(4), rows.GetInt64(5), rows.GetInt32(6), rows.GetInt32(7), rows.GetInt32(8),
                    rows.GetInt32(9), rows.GetInt32(10), rows.GetInt32(11)));
            }
        }

        await EndAsync(rows, cancellationToken);
        return [.. lanes.Values];
    }

    private static async Task<ClaimedBatch> TakeAsync(PostgresSession session, long nodeKey, IReadOnlyList<JobPick> picks)
    {
        var bySlots = picks.GroupBy(pick => pick.Job.Key).ToDictionary(job => job.Key, job => job.Count());
        var lanes = picks.Select(pick => pick.Lane).Distinct().ToArray();
        var laneKeys = lanes.Select(lane => lane.Key).ToArray();
        var jobKeys = bySlots.Keys.ToArray();
        await using var batch = session.Batch()
            .Add(HoldNode, Value(nodeKey))
            .Add(HoldLanes, Value(laneKeys))
            .Add(HoldJobs, Value(jobKeys))
            .Add(
                Claim, Value(nodeKey), Value(jobKeys), Value(bySlots.Values.ToArray()), Value(laneKeys),
                Value(lanes.Select(lane => Math.Max(1, lane.Jobs.Sum(job => (long)job.Weight))).ToArray()))
            .Add(Commit);
        await using var rows = await batch.ReadAsync(CancellationToken.None);
        await rows.NextResultAsync();
        await rows.NextResultAsync();
        var jobs = await ReadJobsAsync(rows);
        await rows.NextResultAsync();
        var byJob = await ReadTasksAsync(rows, jobs);
        await EndAsync(rows, CancellationToken.None);

        var claimed = new List<ClaimedTask>(picks.Count);
        foreach (var pick in picks)
        {
            if (byJob.TryGetValue(pick.Job.Key, out var tasks) && tasks.TryDequeue(out var task)) claimed.Add(task);
        }

        return claimed.Count == 0 ? ClaimedBatch.Empty : new ClaimedBatch(claimed, Changes(claimed, jobs));
    }

    private static async Task<Dictionary<long, (ClaimedJob Job, JobState Before)>> ReadJobsAsync(NpgsqlDataReader rows)
    {
        var jobs = new Dictionary<long, (ClaimedJob, JobState)>();
        while (await rows.ReadAsync())
        {
            var job = new ClaimedJob
            {
                Key = rows.GetInt64(0),
                JobId = rows.GetGuid(1),
                Version = rows.GetInt64(3) + 1,
                Service = rows.GetString(4),
                TaskType = rows.GetString(5),
                Upstream = new Uri(rows.GetString(6)),
                Config = rows.GetFieldValue<byte[]>(7),
                MaxAttempts = rows.GetInt32(8),
            };
            jobs.Add(job.Key, (job, (JobState)rows.GetInt16(2)));
        }

        return jobs;
    }

    private static async Task<Dictionary<long, Queue<ClaimedTask>>> ReadTasksAsync(
        NpgsqlDataReader rows, Dictionary<long, (ClaimedJob Job, JobState Before)> jobs)
    {
        var byJob = new Dictionary<long, Queue<ClaimedTask>>();
        var last = 0L;
        List<PayloadRef> payloads = [];
        while (await rows.ReadAsync())
        {
            var key = rows.GetInt64(0);
            if (key != last)
            {
                // One row for each part of a task, and one for a task without any.
                last = key;
                payloads = rows.IsDBNull(5) ? [] : new List<PayloadRef>(1);
                var job = jobs[TaskKey.JobOf(key)].Job;
                if (!byJob.TryGetValue(job.Key, out var tasks)) byJob.Add(job.Key, tasks = []);
                tasks.Enqueue(new ClaimedTask(
                    key, job, rows.GetInt32(1), rows.GetInt32(2), rows.GetInt32(3), rows.IsDBNull(4) ? [] : rows.GetFieldValue<byte[]>(4), payloads));
            }

            if (!rows.IsDBNull(5))
                payloads.Add(new PayloadRef(rows.GetInt64(5), rows.GetString(6), rows.IsDBNull(7) ? null : rows.GetString(7), rows.GetInt64(8)));
        }

        return byJob;
    }

    private static ChangeSet Changes(List<ClaimedTask> claimed, Dictionary<long, (ClaimedJob Job, JobState Before)> jobs)
    {
        var tasks = claimed.ConvertAll(task => new TaskChange(task.Key, task.Version, TaskState.Running));
        tasks.Sort((a, b) => a.Key.CompareTo(b.Key));
        return new ChangeSet(tasks, [.. claimed.Select(task => task.Job).Distinct().Select(job =>
            new JobChange(job.Key, job.JobId, job.Version, jobs[job.Key].Before, JobState.Running))]);
    }
}
