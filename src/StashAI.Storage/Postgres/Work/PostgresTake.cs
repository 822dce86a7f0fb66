using Npgsql;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies.Circuits;
using StashAI.Sdk;
using StashAI.Storage.Payloads;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Units;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Work;

/// <summary>Takes the tasks of the jobs that a claim has chosen, in item order, and ends the transaction.</summary>
internal static class PostgresTake
{
    // Delays a rescue of this node until the claim has ended, without delaying its heartbeat.
    private const string HoldNode = "SELECT COUNT(*) FROM (SELECT 1 FROM nodes WHERE id = $1 FOR KEY SHARE) AS held";

    private const string HoldLanes = "SELECT COUNT(*) FROM (SELECT 1 FROM lanes WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE) AS held";

    private const string HoldJobs = """
        SELECT id, public_id, state, version, service, task_type, upstream, config, max_attempts, deadline_at, lane_id,
            cache
        FROM queue_jobs WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE
        """;

    // Follows `chosen (place, requeued, pack)`: where its row is, which nobody moves while the job's row is locked, so that it need not be
    // looked up again; -1 for a requeued task, 0 for a new one or a suspect; how many tasks may share its call.
    private const string TakeChosen = $"""
        , claimed AS (
            UPDATE queue_tasks t SET state = 2 /* Running */, version = t.version + 1, fence = t.fence + 1, attempt = t.attempt + 1,
                node_id = $1, started_at = (SELECT stashai_now()), requeued = 0
            FROM chosen c WHERE t.ctid = c.place AND t.state = 0 /* Available */
            RETURNING t.id, t.version, t.fence, t.attempt, c.requeued, c.pack),
        changed AS (SELECT id, version, 0 /* Available */ AS was, 2 /* Running */ AS becomes, requeued, 0.0::float8 AS ms FROM claimed)
        {PostgresUnit.Move},
        calls AS (
            SELECT id >> 24 AS job,
                COUNT(*) FILTER (WHERE pack = 1) + (COUNT(*) FILTER (WHERE pack > 1) + MAX(pack) - 1) / MAX(pack) AS calls
            FROM claimed GROUP BY 1),
        clocks AS (
            UPDATE lanes l SET clock = l.clock + (m.claimed * 1000000 / w.weight), served_at = stashai_now(),
                rate_tokens = CASE WHEN w.bucket_at IS NULL THEN l.rate_tokens ELSE w.tokens - m.calls END,
                rate_updated_at = COALESCE(w.bucket_at, l.rate_updated_at)
            FROM unnest($4::bigint[], $5::bigint[], $6::float8[], $7::bigint[]) AS w (lane_id, weight, tokens, bucket_at)
                JOIN (SELECT v.lane_id, SUM(v.claimed)::bigint AS claimed, SUM(k.calls)::bigint AS calls
                    FROM moved v JOIN calls k ON k.job = v.id GROUP BY 1) AS m ON m.lane_id = w.lane_id
            WHERE l.id = w.lane_id)
        SELECT c.id, c.fence, c.attempt, c.version,
            -- Large inputs stay in the store until their call: a reference to the row says how large it is.
            CASE WHEN octet_length(i.input) > 65536 /* LargeInput.MaxRowBytes */
                THEN convert_to(chr(1) || '0 ' || octet_length(i.input) || ' ', 'UTF8') ELSE i.input END,
            t.payload_id, t.slot, t.data_url_prefix, p.size,
            CASE WHEN p.size <= 16384 /* PayloadRef.SmallSize */
                THEN (SELECT bytes FROM payload_chunks WHERE id = p.id << 16 AND octet_length(bytes) = p.size) END, c.pack,
            i.item_name, i.item_id,
            -- Where a large part is, so that its call need not ask.
            CASE WHEN p.segment_id IS NOT NULL THEN (SELECT name FROM payload_segments WHERE id = p.segment_id) END,
            p.segment_offset, CASE WHEN p.segment_id IS NOT NULL AND p.checksum IS NULL THEN p.sha256 END, p.checksum
        FROM claimed c LEFT JOIN task_inputs i ON i.task_id = c.id LEFT JOIN task_payloads t ON t.task_id = c.id AND t.ordinal >= 0
            LEFT JOIN payloads p ON p.id = t.payload_id
        ORDER BY c.id, t.ordinal
        """;

    // Counts again under the locks: a cancel may have run before them.
    public const string Claim = $"""
        WITH pick AS MATERIALIZED (
            SELECT j.id << 24 AS first, j.total, j.next_ordinal, j.requeued, j.available, p.calls, p.pack, COALESCE(p.skip, 0) AS skip,
                LEAST(p.calls::bigint * p.pack, j.available, j.max_parallel - j.running) AS slots
            FROM unnest($2::bigint[], $3::int[], $8::int[], $9::int[]) AS p (id, calls, pack, skip) JOIN queue_jobs j ON j.id = p.id
            WHERE j.paused = 0 AND j.cancelling = 0
                AND EXISTS (SELECT 1 FROM nodes WHERE id = $1 AND lease_until > stashai_now() AND rescued = 0)),
        -- Limited to as many requeued tasks as the calls can take: there may be a million more.
        -- A task that failed in the call of a pack gets a call of its own; a task that was throttled or never called does not.
        alone AS MATERIALIZED (
            SELECT p.*, ARRAY (
                SELECT id FROM (
                    SELECT id, error_kind FROM queue_tasks WHERE requeued = 1 AND state = 0 /* Available */ AND id >= p.first
                        AND id < p.first + p.total
                    ORDER BY id LIMIT CASE WHEN p.skip < 0 THEN 0 ELSE LEAST((p.calls::bigint * p.pack) + p.skip, p.requeued) END) AS next
                WHERE p.pack = 1 OR error_kind NOT IN (0, 3) ORDER BY id OFFSET GREATEST(p.skip, 0) LIMIT LEAST(p.slots, p.calls)) AS ids
            FROM pick p),
        again AS MATERIALIZED (
            SELECT a.*, LEAST(cardinality(a.ids) + (a.calls - cardinality(a.ids))::bigint * a.pack, a.slots) AS room,
                CASE WHEN a.pack = 1 THEN ARRAY[]::bigint[] ELSE ARRAY (
                    SELECT id FROM (
                        SELECT id, error_kind FROM queue_tasks WHERE requeued = 1 AND state = 0 /* Available */
                            AND id >= a.first AND id < a.first + a.total
                        ORDER BY id LIMIT LEAST(a.calls::bigint * a.pack, a.requeued)) AS next
                    WHERE error_kind IN (0, 3) /* None, Throttled */ ORDER BY id
                    LIMIT LEAST((a.calls - cardinality(a.ids))::bigint * a.pack, a.slots - cardinality(a.ids))) END AS more
            FROM alone a),
        chosen AS MATERIALIZED (
            SELECT t.ctid AS place, -1 AS requeued, 1 AS pack FROM again a CROSS JOIN unnest(a.ids) AS i (id) JOIN queue_tasks t ON t.id = i.id
            UNION ALL
            SELECT t.ctid, -1, a.pack FROM again a CROSS JOIN unnest(a.more) AS i (id) JOIN queue_tasks t ON t.id = i.id
            UNION ALL
            SELECT n.place, 0, a.pack FROM again a CROSS JOIN LATERAL (
                SELECT ctid AS place FROM queue_tasks
                WHERE state = 0 /* Available */ AND requeued = 0 AND id >= a.first + a.next_ordinal AND id < a.first + a.total
                ORDER BY id LIMIT GREATEST(0, LEAST(a.room - cardinality(a.ids) - cardinality(a.more), a.available - a.requeued))) AS n)
        {TakeChosen}
        """;

    // A suspect; $3, $8 and $9 are not used, but keep the numbers of the other parameters.
    public const string ClaimSuspect = $"""
        WITH chosen AS MATERIALIZED (
            SELECT t.ctid AS place, 0 AS requeued, 1 AS pack
            FROM unnest($2::bigint[], $3::int[]) AS p (id, slots) JOIN queue_tasks t ON t.id = p.id JOIN queue_jobs j ON j.id = t.id >> 24
            WHERE t.state = 0 /* Available */ AND t.requeued = 2 /* suspect */ AND j.paused = 0 AND j.cancelling = 0 AND j.running < j.max_parallel
                AND EXISTS (SELECT 1 FROM nodes WHERE id = $1 AND lease_until > stashai_now() AND rescued = 0))
        {TakeChosen}
        """;

    // Only if unchanged since the claim read it: another node's outcome may have changed the circuit.
    private const string BeginTrial = """
        UPDATE lanes SET circuit_state = $2, circuit_until = $3 WHERE id = $1 AND circuit_state = $4 AND circuit_until = $5
        RETURNING service, authority, stashai_now()
        """;

    /// <summary>Claims tasks and ends the transaction.</summary>
    public static async Task<(Dictionary<long, Queue<ClaimedTask>> ByJob, ChangeSet Changes)> RunAsync(
        PostgresSession session, long nodeKey, ClaimBatch claim, Dictionary<long, Circuit> circuits)
    {
        var lanes = claim.Lanes;
        await using var batch = session.Batch();
        AddClaim(batch, nodeKey, claim);
        var trials = lanes.Where(lane => lane.Capacity.IsTrial).OrderBy(lane => lane.Key).ToList();
        foreach (var trial in trials)
        {
            var before = circuits[trial.Key];
            var after = AfterTrial(before);
            batch.Add(
                BeginTrial, Value(trial.Key), Value((short)after.State), Value(after.Until), Value((short)before.State),
                Value(before.Until));
        }

        batch.Add(Commit);
        await using var rows = await batch.ReadAsync(CancellationToken.None);
        await rows.NextResultAsync();
        await rows.NextResultAsync();
        var jobs = await ReadJobsAsync(rows);
        await rows.NextResultAsync();
        var byJob = await ReadTasksAsync(rows, jobs);
        var changed = new List<LaneChange>();
        foreach (var trial in trials)
        {
            await rows.NextResultAsync();
            var (before, after) = (circuits[trial.Key], AfterTrial(circuits[trial.Key]));
            if (!await rows.ReadAsync() || before.State == after.State) continue;
            var until = DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(rows.GetInt64(2), after.Until));
            changed.Add(new LaneChange(trial.Key, rows.GetString(0), rows.GetString(1), before.State, after.State, until));
        }

        await PostgresBatch.EndAsync(rows, CancellationToken.None);
        return (byJob, (byJob.Count == 0 ? ChangeSet.Empty : Changes(byJob, jobs)) with { Lanes = changed });
    }

    /// <summary>Adds the statements that lock and claim.</summary>
    public static void AddClaim(PostgresBatch batch, long nodeKey, ClaimBatch claim)
    {
        var lanes = claim.Lanes;
        var laneKeys = lanes.Select(lane => lane.Key).ToArray();
        if (claim.Suspect is not null || claim.ReleasesSuspect)
        {
            batch.Add(PostgresSuspects.ReserveFor, Value(nodeKey), OrNull(claim.Suspect));
        }
        else
        {
            batch.Add(HoldNode, Value(nodeKey));
        }

        batch
            .Add(HoldLanes, Value(laneKeys))
            .Add(HoldJobs, Value(claim.JobKeys))
            .Add(
                claim.Sql, Value(nodeKey), Value(claim.Keys), Value(claim.Slots), Value(laneKeys),
                Value(lanes.Select(lane => Math.Max(1, lane.Jobs.Sum(job => (long)job.Weight))).ToArray()),
                Value(lanes.Select(lane => lane.Capacity.Bucket.Tokens).ToArray()),
                Value(lanes.Select(lane => lane.Capacity.Bucket.RefilledAt).ToArray()),
                Value(claim.PackSizes),
                Value(claim.Skips));
    }

    // This event depends neither on the service's settings nor on the time.
    private static Circuit AfterTrial(Circuit circuit) => CircuitPolicy.After(circuit, CircuitEvent.TrialBegun, new CircuitSettings(), 0);

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
                Deadline = rows.IsDBNull(9) ? null : DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(9)),
                LaneKey = rows.GetInt64(10),
                Cache = (ResultCache)rows.GetInt16(11),
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
                // One row for each part of a task, and one row for a task without parts.
                last = key;
                payloads = rows.IsDBNull(5) ? [] : new List<PayloadRef>(1);
                var job = jobs[TaskKey.JobOf(key)].Job;
                if (!byJob.TryGetValue(job.Key, out var tasks)) byJob.Add(job.Key, tasks = []);
                var input = rows.IsDBNull(4) ? [] : rows.GetFieldValue<byte[]>(4);
                tasks.Enqueue(new ClaimedTask(
                    key, job, rows.GetInt32(1), rows.GetInt32(2), rows.GetInt32(3), StoredInput.InRow(input), payloads)
                {
                    LargeInputBytes = StoredInput.Find(input)?.Size ?? 0,
                    Item = new ItemName(
                        rows.IsDBNull(11) ? null : rows.GetString(11), rows.IsDBNull(12) ? null : rows.GetString(12)),
                    PackSize = rows.GetInt32(10),
                });
            }

            if (!rows.IsDBNull(5))
            {
                payloads.Add(new PayloadRef(
                    rows.GetInt64(5), rows.GetString(6), rows.IsDBNull(7) ? null : rows.GetString(7), rows.GetInt64(8),
                    rows.IsDBNull(9) ? default(ReadOnlyMemory<byte>) : rows.GetFieldValue<byte[]>(9))
                {
                    Place = ReadPlace(rows),
                });
            }
        }

        return byJob;
    }

    private static PayloadPlace? ReadPlace(NpgsqlDataReader rows) => rows.IsDBNull(13)
        ? null
        : new PayloadPlace(
            rows.GetString(13), rows.GetInt64(14), rows.GetInt64(8), rows.IsDBNull(15) ? null : rows.GetFieldValue<byte[]>(15),
            rows.IsDBNull(16) ? null : rows.GetInt64(16));

    private static ChangeSet Changes(
        Dictionary<long, Queue<ClaimedTask>> byJob, Dictionary<long, (ClaimedJob Job, JobState Before)> jobs)
    {
        var tasks = new List<TaskChange>();
        foreach (var claimed in byJob.OrderBy(job => job.Key))
        {
            foreach (var task in claimed.Value) tasks.Add(new TaskChange(task.Key, task.Version, TaskState.Running));
        }

        return new ChangeSet(
            tasks, [.. byJob.Keys.Select(key => jobs[key]).Select(
                one => new JobChange(one.Job.Key, one.Job.JobId, one.Job.Version, one.Before, JobState.Running))]);
    }
}
