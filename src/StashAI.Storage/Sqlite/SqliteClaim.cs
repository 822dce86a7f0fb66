using StashAI.Queue.Model;
using StashAI.Queue.Policies;

namespace StashAI.Storage.Sqlite;

/// <summary>Claims tasks in two levels: jobs first, by priority and virtual time, then each job's next tasks in item order.</summary>
internal sealed class SqliteClaim
{
    private const string IsAlive = "SELECT 1 FROM nodes WHERE id = ?1 AND lease_until > stashai_now() AND rescued = 0";

    private const string OpenLanes = """
        SELECT id, service, clock,
            COALESCE(max_running - (SELECT SUM(running) FROM queue_jobs WHERE lane_id = lanes.id AND running > 0), max_running)
        FROM lanes WHERE paused = 0 AND blocked_until <= stashai_now()
        """;

    private const string Runnable = """
        SELECT id, priority, vtime, weight, MIN(available, max_parallel - running), requeued, next_ordinal, total, available
        FROM queue_jobs
        WHERE lane_id = ?1 AND available > 0 AND paused = 0 AND cancelling = 0 AND running < max_parallel
        ORDER BY priority DESC, vtime, id LIMIT ?2
        """;

    private const string FindRequeued = """
        SELECT id, fence, attempt, version, (SELECT input FROM task_inputs WHERE task_id = queue_tasks.id)
        FROM queue_tasks WHERE state = 0 AND requeued = 1 AND id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3
        """;

    private const string FindFresh = """
        SELECT id, fence, attempt, version, (SELECT input FROM task_inputs WHERE task_id = queue_tasks.id)
        FROM queue_tasks WHERE id >= ?1 AND id < ?2 AND state = 0 AND requeued = 0
        """;

    // Two statements are cheaper than one that returns its rows, and nobody writes in between.
    private const string Take = """
        UPDATE queue_tasks SET state = 2, version = version + 1, fence = fence + 1, attempt = attempt + 1,
            node_id = ?1, started_at = ?2, requeued = 1
        WHERE id = ?3
        """;

    private const string ReadJob = """
        SELECT public_id, service, task_type, upstream, config, max_attempts,
            EXISTS (SELECT 1 FROM task_payloads WHERE task_id >= ?1 << 24 AND task_id < (?1 + 1) << 24), version, deadline_at
        FROM queue_jobs WHERE id = ?1
        """;

    private const string ReadPayloads = """
        SELECT t.payload_id, t.slot, t.data_url_prefix, p.size
        FROM task_payloads t JOIN payloads p ON p.id = t.payload_id WHERE t.task_id = ?1 ORDER BY t.ordinal
        """;

    private const string MoveClock = "UPDATE lanes SET clock = ?2 WHERE id = ?1";

    public static ClaimedBatch Run(SqliteSession session, long nodeKey, int slots, IReadOnlyCollection<string> services)
    {
        if (session.Use(IsAlive).Bind(1, nodeKey).Scalar() is null) return ClaimedBatch.Empty;
        var picks = FairShare.Divide(slots, ReadLanes(session, slots, services));
        if (picks.Count == 0) return ClaimedBatch.Empty;

        var now = session.Now();
        var unit = new SqliteUnit(session);
        var byJob = new Dictionary<long, Queue<ClaimedTask>>();
        foreach (var lane in picks.GroupBy(pick => pick.Lane))
        {
            var count = 0;
            foreach (var job in lane.GroupBy(pick => pick.Job))
            {
                var tasks = ClaimOf(session, unit, nodeKey, now, job.Key, job.Count());
                count += tasks.Count;
                byJob.Add(job.Key.Key, tasks);
            }

            session.Use(MoveClock).Bind(1, lane.Key.Key).Bind(2, lane.Key.ClockAfter(count)).Run();
        }

        var claimed = new List<ClaimedTask>(picks.Count);
        foreach (var pick in picks)
        {
            if (byJob[pick.Job.Key].TryDequeue(out var task)) claimed.Add(task);
        }

        return new ClaimedBatch(claimed, unit.Finish());
    }

    private static List<LaneCandidate> ReadLanes(SqliteSession session, int slots, IReadOnlyCollection<string> services)
    {
        var lanes = new List<LaneCandidate>();
        var rows = session.Use(OpenLanes);
        while (rows.Step())
        {
            if (!services.Contains(rows.Text(1))) continue;
            var room = rows.IsNull(3) ? slots : (int)Math.Min(slots, rows.Int64(3));
            if (room > 0) lanes.Add(new LaneCandidate(rows.Int64(0), rows.Int64(2), room));
        }

        foreach (var lane in lanes)
        {
            var jobs = session.Use(Runnable).Bind(1, lane.Key).Bind(2, slots);
            while (jobs.Step())
            {
                lane.Jobs.Add(new JobCandidate(
                    jobs.Int64(0), jobs.Int32(1), jobs.Int64(2), jobs.Int32(3), jobs.Int32(4), jobs.Int32(5), jobs.Int32(6), jobs.Int32(7), jobs.Int32(8)));
            }
        }

        return lanes;
    }

    private static Queue<ClaimedTask> ClaimOf(
        SqliteSession session, SqliteUnit unit, long nodeKey, long now, JobCandidate candidate, int slots)
    {
        var first = TaskKey.From(candidate.Key, 0);
        var rows = new List<(long Key, int Fence, int Attempt, int Version, byte[] Input)>(slots);
        var again = 0;
        if (candidate.Requeued > 0)
        {
            again = Read(session.Use(FindRequeued).Bind(1, first).Bind(2, first + candidate.Total).Bind(3, slots), rows);
        }

        var fresh = Math.Min(slots - rows.Count, candidate.Available - candidate.Requeued);
        var cursor = candidate.NextOrdinal;
        while (fresh > 0 && cursor < candidate.Total)
        {
            // Cancelled tasks leave gaps; the cursor passes each once.
            var end = Math.Min(cursor + fresh, candidate.Total);
            fresh -= Read(session.Use(FindFresh).Bind(1, first + cursor).Bind(2, first + end), rows);
            cursor = end;
        }

        var tasks = new Queue<ClaimedTask>(rows.Count);
        if (rows.Count == 0) return tasks;
        rows.Sort((a, b) => a.Key.CompareTo(b.Key));
        foreach (var row in rows) session.Use(Take).Bind(1, nodeKey).Bind(2, now).Bind(3, row.Key).Run();
        var delta = unit.Job(candidate.Key);
        delta.Move(TaskState.Available, TaskState.Running, rows.Count);
        delta.Requeued -= again;
        delta.NextOrdinal = cursor;
        delta.VirtualTime = candidate.VirtualTimeAfter(rows.Count);

        var (job, hasPayloads) = ReadClaimedJob(session, candidate.Key);
        foreach (var row in rows)
        {
            unit.Changed(row.Key, row.Version, TaskState.Running);
            var payloads = hasPayloads ? ReadPayloadsOf(session, row.Key) : [];
            tasks.Enqueue(new ClaimedTask(row.Key, job, row.Fence, row.Attempt, row.Version, row.Input, payloads));
        }

        return tasks;
    }

    /// <summary>The rows as they are once the tasks are taken.</summary>
    private static int Read(SqliteStatement statement, List<(long, int, int, int, byte[])> rows)
    {
        var count = 0;
        for (; statement.Step(); count++)
            rows.Add((statement.Int64(0), statement.Int32(1) + 1, statement.Int32(2) + 1, statement.Int32(3) + 1, statement.Blob(4)));
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
        var rows = session.Use(ReadPayloads).Bind(1, taskKey);
        while (rows.Step()) payloads.Add(new PayloadRef(rows.Int64(0), rows.Text(1), rows.TextOrNull(2), rows.Int64(3)));
        return payloads;
    }
}
