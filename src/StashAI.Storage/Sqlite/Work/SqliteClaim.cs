using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Policies.Circuits;
using StashAI.Sdk;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Units;

namespace StashAI.Storage.Sqlite.Work;

/// <summary>Claims tasks on two levels: first jobs by priority and virtual time, then each job's next tasks in item order.</summary>
internal sealed class SqliteClaim
{
    private const string ReadNode = """
        SELECT labels, stashai_now(), suspect_id,
            EXISTS (SELECT 1 FROM queue_tasks t WHERE t.id = nodes.suspect_id AND t.node_id = ?1 AND t.state = 2 /* Running */)
        FROM nodes WHERE id = ?1 AND lease_until > stashai_now() AND rescued = 0
        """;

    private const string ReadLanes = """
        SELECT l.id, l.service, l.clock, l.blocked_until, l.rate_tokens, l.rate_updated_at,
            s.max_running, s.rate_per_second, s.rate_burst, s.required_labels,
            l.circuit_state, l.circuit_failures, l.circuit_suspects, l.circuit_pauses, l.circuit_until, s.health_path IS NOT NULL,
            CASE WHEN s.max_running IS NOT NULL OR l.circuit_state IN (1, 2) /* Open, HalfOpen */ OR l.circuit_pauses > 0
                THEN (SELECT SUM(running) FROM queue_jobs WHERE lane_id = l.id AND running > 0) END,
            l.served_at,
            (SELECT j.effective_priority FROM queue_jobs j
                WHERE j.lane_id = l.id AND j.available > 0 AND j.paused = 0 AND j.cancelling = 0 AND j.running < j.max_parallel
                ORDER BY j.effective_priority DESC, j.vtime, j.id LIMIT 1) AS head
        FROM lanes l LEFT JOIN services s ON s.name = l.service
        WHERE l.blocked_until <= ?1 AND l.service NOT IN (SELECT service FROM pauses) AND NOT EXISTS (SELECT 1 FROM pauses WHERE service = '*')
            AND (head IS NOT NULL OR l.id IN (
                SELECT j.lane_id FROM queue_tasks t CROSS JOIN queue_jobs j WHERE t.state = 0 /* Available */
                    AND t.requeued = 2 /* suspect */ AND j.id = t.id >> 24))
        """;

    // Lanes without work count too: one unnecessary claim costs nothing.
    private const string NextUnblocked = "SELECT MIN(blocked_until) FROM lanes WHERE blocked_until > ?1";

    private const string Runnable = """
        SELECT id, effective_priority, vtime, weight, MIN(available, max_parallel - running), requeued, next_ordinal, total, available, task_type
        FROM queue_jobs
        WHERE lane_id = ?1 AND available > 0 AND paused = 0 AND cancelling = 0 AND running < max_parallel
        ORDER BY effective_priority DESC, vtime, id LIMIT ?2
        """;

    private const string FindOneRequeued = """
        SELECT id, fence, attempt, version, (SELECT input FROM task_inputs WHERE task_id = queue_tasks.id)
        FROM queue_tasks WHERE state = 0 /* Available */ AND requeued = 1 AND id >= ?1 AND id < ?2 ORDER BY id LIMIT 1 OFFSET ?3
        """;

    private const string FindRequeued = """
        SELECT id, fence, attempt, version, (SELECT input FROM task_inputs WHERE task_id = queue_tasks.id)
        FROM queue_tasks WHERE state = 0 /* Available */ AND requeued = 1 AND id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3
        """;

    // Limited to what the calls can take: there may be a million more.
    private const string RequeuedByError = """
        SELECT id, fence, attempt, version, (SELECT input FROM task_inputs WHERE task_id = again.id)
        FROM (
            SELECT id, fence, attempt, version, error_kind FROM queue_tasks
            WHERE state = 0 /* Available */ AND requeued = 1 AND id >= ?1 AND id < ?2 ORDER BY id LIMIT ?4) AS again
        WHERE error_kind
        """;

    // A task that failed in the call of a pack gets a call of its own; a task that was throttled or never called does not.
    private const string FindRequeuedAlone = RequeuedByError + " NOT IN (0, 3) /* None, Throttled */ ORDER BY id LIMIT ?3";

    private const string FindRequeuedForPack = RequeuedByError + " IN (0, 3) /* None, Throttled */ ORDER BY id LIMIT ?3";

    private const string FindNeverClaimed = """
        SELECT id, fence, attempt, version, (SELECT input FROM task_inputs WHERE task_id = queue_tasks.id)
        FROM queue_tasks WHERE id >= ?1 AND id < ?2 AND state = 0 /* Available */ AND requeued = 0
        """;

    // Two statements are cheaper than one that returns its rows, and no other writer runs in between.
    private const string TakeOne = """
        UPDATE queue_tasks SET state = 2 /* Running */, version = version + 1, fence = fence + 1, attempt = attempt + 1,
            node_id = ?1, started_at = ?2, requeued = MAX(requeued, 1)
        WHERE id = ?3
        """;

    // Tasks that were never claimed are adjacent: one statement takes all that were read.
    private const string TakeNeverClaimed = """
        UPDATE queue_tasks SET state = 2 /* Running */, version = version + 1, fence = fence + 1, attempt = attempt + 1,
            node_id = ?1, started_at = ?2, requeued = 1
        WHERE id >= ?3 AND id < ?4 AND state = 0 /* Available */ AND requeued = 0
        """;

    private const string ReadJob = """
        SELECT public_id, service, task_type, upstream, config, max_attempts,
            EXISTS (SELECT 1 FROM task_payloads WHERE task_id >= ?1 << 24 AND task_id < (?1 + 1) << 24), version, deadline_at, lane_id
        FROM queue_jobs WHERE id = ?1
        """;

    private const string ReadPayloads = """
        SELECT t.payload_id, t.slot, t.data_url_prefix, p.size,
            CASE WHEN p.size <= ?2 THEN (SELECT bytes FROM payload_chunks WHERE id = p.id << 16) END
        FROM task_payloads t JOIN payloads p ON p.id = t.payload_id WHERE t.task_id = ?1 ORDER BY t.ordinal
        """;

    private const string MoveClock = "UPDATE lanes SET clock = ?2, served_at = stashai_now() WHERE id = ?1";

    private const string SaveBucket = "UPDATE lanes SET rate_tokens = ?2, rate_updated_at = ?3 WHERE id = ?1";

    public static ClaimedBatch Run(SqliteSession session, ClaimRequest request)
    {
        var (nodeKey, slots, ahead) = (request.NodeKey, request.Slots, request.Ahead);
        var node = session.Use(ReadNode).Bind(1, nodeKey);
        if (!node.Step()) return ClaimedBatch.Empty;
        var (labels, now) = (LabelSet.Parse(node.Text(0)), node.Int64(1));
        long? own = node.IsNull(2) ? null : node.Int64(2);
        var isAlone = node.Int32(3) != 0;
        node.Reset();
        if (isAlone) return ClaimedBatch.Empty with { Suspect = own };
        var lanes = ReadOpenLanes(session, request, labels, now);
        var suspects = SqliteSuspects.FindAll(session);
        var choice = Quarantine.Choose(nodeKey, request.IsIdle, suspects, lanes.ToDictionary(lane => lane.Key, lane => lane.Capacity));
        if (choice is { Suspect: { } suspect, TakesNow: true })
            return SqliteSuspects.Take(session, nodeKey, now, suspect, lanes.First(lane => lane.Key == LaneOf(suspects, suspect)));
        if (choice.Suspect != own) SqliteSuspects.Reserve(session, nodeKey, choice.Suspect);
        if (choice.Suspect is not null) return ClaimedBatch.Empty with { Suspect = choice.Suspect };
        // Jobs with nothing but suspects must not take the places of later jobs.
        var limit = slots + ahead + suspects.Count;
        var candidates = MostUrgent(lanes, limit);
        foreach (var lane in candidates)
        {
            ReadJobs(session, lane, lane.Capacity.TrialNumber is null ? limit : TrialChoice.MaxCandidates);
            TrialChoice.KeepTrialJob(lane);
        }

        if (suspects.Count > 0) candidates = candidates.ConvertAll(lane => Quarantine.WithoutSuspects(nodeKey, suspects, lane));
        var allocation = FairShare.Allocate(slots, ahead, candidates);
        var opensIn = Earlier(lanes.Min(lane => lane.Capacity.OpensIn), session.Use(NextUnblocked).Bind(1, now).Scalar() - now);
        if (allocation.Picks.Count == 0) return ClaimedBatch.Empty with { CappedLaneWaits = allocation.CappedLaneWaits, OpensIn = opensIn };
        var unit = new SqliteUnit(session);
        var circuits = new SqliteCircuits(session);
        var byJob = new Dictionary<long, Queue<ClaimedTask>>();
        foreach (var lane in allocation.Picks.GroupBy(pick => pick.Lane))
        {
            var (count, calls) = (0, 0);
            foreach (var job in lane.GroupBy(pick => pick.Job))
            {
                var tasks = ClaimFromJob(session, unit, nodeKey, now, job.Key, job.Count());
                count += tasks.Count;
                calls += CallGrouping.Count(tasks.Select(task => task.PackSize));
                byJob.Add(job.Key.Key, tasks);
            }

            AdvanceLane(session, lane.Key, count, calls);
            if (lane.Key.Capacity.IsTrial) circuits.Move(lane.Key.Key, CircuitEvent.TrialBegun);
        }

        var claimed = CallGrouping.Group(allocation.Picks, byJob);
        var changes = unit.Finish() with { Lanes = circuits.Finish() };
        return new ClaimedBatch(claimed, changes) { CappedLaneWaits = allocation.CappedLaneWaits, OpensIn = opensIn };
    }

    /// <summary>
    /// The lanes that may get a slot: as each gives at least one task, no more lanes than slots, plus one that may have to wait.
    /// </summary>
    private static List<LaneCandidate> MostUrgent(List<LaneCandidate> lanes, int limit)
    {
        var open = lanes.FindAll(lane => lane.Capacity.FreeCalls > 0);
        if (open.Count <= limit) return open;
        open.Sort((a, b) => a.Priority != b.Priority ? b.Priority.CompareTo(a.Priority) : a.ServedAt.CompareTo(b.ServedAt));
        var candidates = open.GetRange(0, limit);
        if (open.Find(lane => lane.Capacity.IsCapped && !candidates.Contains(lane)) is { } held) candidates.Add(held);
        return candidates;
    }

    private static TimeSpan? Earlier(TimeSpan? one, long? milliseconds)
    {
        if (milliseconds is not { } wait) return one;
        var other = TimeSpan.FromMilliseconds(wait);
        return one < other ? one : other;
    }

    private static long LaneOf(List<Suspect> suspects, long key) => suspects.First(suspect => suspect.Key == key).LaneKey;

    /// <summary>The lanes that are open to this node, or will open by themselves.</summary>
    private static List<LaneCandidate> ReadOpenLanes(SqliteSession session, ClaimRequest request, LabelSet labels, long now)
    {
        var lanes = new List<LaneCandidate>();
        var rows = session.Use(ReadLanes).Bind(1, now);
        while (rows.Step())
        {
            var (key, service) = (rows.Int64(0), rows.Text(1));
            if (!request.Services.Contains(service)) continue;
            var capacity = LaneGate.Evaluate(Status(rows, request.SharedTasks(key)), labels, now);
            if (capacity.IsBlocked && capacity.OpensIn is null) continue;
            lanes.Add(new LaneCandidate(key, rows.Int64(2), capacity)
            {
                ServedAt = rows.Int64(17),
                Priority = rows.Int32(18),
                PackSizes = request.PackSizes.GetValueOrDefault(service),
            });
        }

        return lanes;
    }

    private static LaneStatus Status(SqliteStatement row, int shared) => new()
    {
        BlockedUntil = row.Int64(3),
        Bucket = new TokenBucket(row.Real(4), row.IsNull(5) ? null : row.Int64(5)),
        MaxRunning = row.IsNull(6) ? null : row.Int32(6),
        Rate = row.IsNull(7) ? null : new RateLimit(row.Real(7), row.Real(8)),
        RequiredLabels = row.IsNull(9) ? LabelSet.Empty : LabelSet.Parse(row.Text(9)),
        Circuit = new Circuit((CircuitState)row.Int32(10), row.Int32(11), row.Int32(12), row.Int32(13), row.Int64(14)),
        HasHealthPath = row.Int32(15) != 0,
        Running = Math.Max(0, row.Int32(16) - shared),
    };

    private static void ReadJobs(SqliteSession session, LaneCandidate lane, int limit)
    {
        if (lane.Capacity.FreeCalls == 0) return;
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

    private static Queue<ClaimedTask> ClaimFromJob(
        SqliteSession session, SqliteUnit unit, long nodeKey, long now, JobCandidate candidate, int calls)
    {
        var first = TaskKey.From(candidate.Key, 0);
        var (pack, end) = (candidate.PackSize, first + candidate.Total);
        var slots = (int)Math.Min((long)calls * pack, candidate.Capacity);
        var rows = new List<ClaimedRow>(slots);
        if (candidate.SkipRequeued > 0)
        {
            ReadRows(session.Use(FindOneRequeued).Bind(1, first).Bind(2, end).Bind(3, candidate.SkipRequeued), rows);
        }
        else if (candidate.SkipRequeued == JobCandidate.OnlyNeverClaimed)
        {
            // A trial takes a task that was never called.
        }
        else if (candidate.Requeued > 0 && pack == 1)
        {
            ReadRows(session.Use(FindRequeued).Bind(1, first).Bind(2, end).Bind(3, slots), rows);
        }
        else if (candidate.Requeued > 0)
        {
            var most = (long)calls * pack;
            var alone = ReadRows(
                session.Use(FindRequeuedAlone).Bind(1, first).Bind(2, end).Bind(3, Math.Min(calls, slots)).Bind(4, most), rows);
            slots = (int)Math.Min(alone + ((long)(calls - alone) * pack), slots);
            if (rows.Count < slots)
            {
                ReadRows(
                    session.Use(FindRequeuedForPack).Bind(1, first).Bind(2, end).Bind(3, slots - rows.Count).Bind(4, most), rows, pack);
            }
        }

        var again = rows.Count;
        var fresh = Math.Min(slots - rows.Count, candidate.Available - candidate.Requeued);
        var cursor = candidate.NextOrdinal;
        while (fresh > 0 && cursor < candidate.Total)
        {
            // Cancelled tasks leave gaps, which the cursor passes once.
            var stop = Math.Min(cursor + fresh, candidate.Total);
            fresh -= ReadRows(session.Use(FindNeverClaimed).Bind(1, first + cursor).Bind(2, first + stop), rows, pack);
            cursor = stop;
        }

        if (rows.Count == 0) return [];
        foreach (var row in rows[..again]) session.Use(TakeOne).Bind(1, nodeKey).Bind(2, now).Bind(3, row.Key).Run();
        if (rows.Count > again)
        {
            session.Use(TakeNeverClaimed).Bind(1, nodeKey)
                .Bind(2, now).Bind(3, first + candidate.NextOrdinal).Bind(4, first + cursor).Run();
        }

        rows.Sort((a, b) => a.Key.CompareTo(b.Key));
        var delta = unit.Job(candidate.Key);
        delta.Requeued -= again;
        delta.NextOrdinal = cursor;
        delta.VirtualTime = candidate.VirtualTimeAfter(rows.Count);
        return ToClaimedTasks(session, unit, candidate.Key, rows);
    }

    /// <summary>Takes one task from below its job's cursor.</summary>
    public static Queue<ClaimedTask> TakeOneTask(
        SqliteSession session, SqliteUnit unit, long nodeKey, long now, long jobKey, ClaimedRow row)
    {
        session.Use(TakeOne).Bind(1, nodeKey).Bind(2, now).Bind(3, row.Key).Run();
        return ToClaimedTasks(session, unit, jobKey, [row]);
    }

    private static Queue<ClaimedTask> ToClaimedTasks(SqliteSession session, SqliteUnit unit, long jobKey, List<ClaimedRow> rows)
    {
        unit.Job(jobKey).Move(TaskState.Available, TaskState.Running, rows.Count);
        var (job, hasPayloads) = ReadClaimedJob(session, jobKey);
        var tasks = new Queue<ClaimedTask>(rows.Count);
        foreach (var row in rows)
        {
            unit.Changed(row.Key, row.Version, TaskState.Running);
            var payloads = hasPayloads ? ReadPayloadsOf(session, row.Key) : [];
            tasks.Enqueue(new ClaimedTask(row.Key, job, row.Fence, row.Attempt, row.Version, row.Input, payloads)
            {
                PackSize = Math.Max(1, row.PackSize),
            });
        }

        return tasks;
    }

    /// <summary>Reads rows as they will be after the claim.</summary>
    public static int ReadRows(SqliteStatement statement, List<ClaimedRow> rows, int pack = 1)
    {
        var count = 0;
        for (; statement.Step(); count++)
        {
            rows.Add(
                new ClaimedRow(
                    statement.Int64(0), statement.Int32(1) + 1, statement.Int32(2) + 1, statement.Int32(3) + 1, statement.Blob(4))
                {
                    PackSize = pack,
                });
        }

        return count;
    }

    private static (ClaimedJob Job, bool HasPayloads) ReadClaimedJob(SqliteSession session, long key)
    {
        var row = session.Use(ReadJob).Bind(1, key);
        row.Step();
        var job = new ClaimedJob
        {
            Key = key,
            JobId = row.Guid(0),
            LaneKey = row.Int64(9),
            Service = row.Text(1),
            TaskType = row.Text(2),
            Upstream = new Uri(row.Text(3)),
            Config = row.Blob(4),
            MaxAttempts = row.Int32(5),
            Version = row.Int64(7) + 1,
            Deadline = row.IsNull(8) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(8)),
        };
        var hasPayloads = row.Int32(6) != 0;
        row.Reset();
        return (job, hasPayloads);
    }

    private static List<PayloadRef> ReadPayloadsOf(SqliteSession session, long taskKey)
    {
        var payloads = new List<PayloadRef>(1);
        var rows = session.Use(ReadPayloads).Bind(1, taskKey).Bind(2, PayloadRef.SmallSize);
        while (rows.Step())
        {
            payloads.Add(
                new PayloadRef(rows.Int64(0), rows.Text(1), rows.TextOrNull(2), rows.Int64(3), rows.IsNull(4) ? default : rows.Blob(4)));
        }

        return payloads;
    }
}
