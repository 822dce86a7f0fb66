using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Sdk;
using StashAI.Storage.Payloads;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Units;

namespace StashAI.Storage.Sqlite.Work;

/// <summary>Takes the tasks of the jobs that a claim has chosen, in item order.</summary>
internal static class SqliteTake
{
    // Large inputs stay in the store until their call: a reference to the row says how large it is.
    public const string Input = "CASE WHEN LENGTH(input) > 65536 /* LargeInput.MaxRowBytes */ "
        + "THEN CAST(char(1) || '0 ' || LENGTH(input) || ' ' AS BLOB) ELSE input END";

    private const string FindOneRequeued = $"""
        SELECT id, fence, attempt, version, (SELECT {Input} FROM task_inputs WHERE task_id = queue_tasks.id),
            (SELECT item_name FROM task_inputs WHERE task_id = queue_tasks.id), (SELECT item_id FROM task_inputs WHERE task_id = queue_tasks.id)
        FROM queue_tasks WHERE state = 0 /* Available */ AND requeued = 1 AND id >= ?1 AND id < ?2 ORDER BY id LIMIT 1 OFFSET ?3
        """;

    private const string FindRequeued = $"""
        SELECT id, fence, attempt, version, (SELECT {Input} FROM task_inputs WHERE task_id = queue_tasks.id),
            (SELECT item_name FROM task_inputs WHERE task_id = queue_tasks.id), (SELECT item_id FROM task_inputs WHERE task_id = queue_tasks.id)
        FROM queue_tasks WHERE state = 0 /* Available */ AND requeued = 1 AND id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3
        """;

    // Limited to what the calls can take: there may be a million more.
    private const string RequeuedByError = $"""
        SELECT id, fence, attempt, version, (SELECT {Input} FROM task_inputs WHERE task_id = again.id),
            (SELECT item_name FROM task_inputs WHERE task_id = again.id), (SELECT item_id FROM task_inputs WHERE task_id = again.id)
        FROM (
            SELECT id, fence, attempt, version, error_kind FROM queue_tasks
            WHERE state = 0 /* Available */ AND requeued = 1 AND id >= ?1 AND id < ?2 ORDER BY id LIMIT ?4) AS again
        WHERE error_kind
        """;

    // A task that failed in the call of a pack gets a call of its own; a task that was throttled or never called does not.
    private const string FindRequeuedAlone = RequeuedByError + " NOT IN (0, 3) /* None, Throttled */ ORDER BY id LIMIT ?3";

    private const string FindRequeuedForPack = RequeuedByError + " IN (0, 3) /* None, Throttled */ ORDER BY id LIMIT ?3";

    // A join looks an input up once, where a subquery for each column would open the table and search it each time.
    private const string FindNeverClaimed = $"""
        SELECT id, fence, attempt, version, {Input}, item_name, item_id FROM queue_tasks LEFT JOIN task_inputs ON task_id = id
        WHERE id >= ?1 AND id < ?2 AND state = 0 /* Available */ AND requeued = 0
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
            EXISTS (SELECT 1 FROM task_payloads WHERE task_id >= ?1 << 24 AND task_id < (?1 + 1) << 24), version, deadline_at, lane_id,
            cache
        FROM queue_jobs WHERE id = ?1
        """;

    private const string ReadPayloads = """
        SELECT t.payload_id, t.slot, t.data_url_prefix, p.size,
            CASE WHEN p.size <= ?2 THEN (SELECT bytes FROM payload_chunks WHERE id = p.id << 16 AND LENGTH(bytes) = p.size) END,
            s.name, p.segment_offset, CASE WHEN p.checksum IS NULL THEN p.sha256 END, p.checksum
        FROM task_payloads t JOIN payloads p ON p.id = t.payload_id LEFT JOIN payload_segments s ON s.id = p.segment_id
        WHERE t.task_id = ?1 AND t.ordinal >= 0 ORDER BY t.ordinal
        """;

    public static Queue<ClaimedTask> FromJob(
        SqliteSession session, SqliteUnit unit, long nodeKey, long now, JobCandidate candidate, int calls)
    {
        var first = TaskKey.From(candidate.Key, 0);
        var (pack, end) = (candidate.PackSize, first + candidate.Total);
        var maxTasks = (int)Math.Min((long)calls * pack, candidate.Capacity);
        var rows = new List<ClaimedRow>(maxTasks);
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
            ReadRows(session.Use(FindRequeued).Bind(1, first).Bind(2, end).Bind(3, maxTasks), rows);
        }
        else if (candidate.Requeued > 0)
        {
            var most = (long)calls * pack;
            var alone = ReadRows(
                session.Use(FindRequeuedAlone).Bind(1, first).Bind(2, end).Bind(3, Math.Min(calls, maxTasks)).Bind(4, most), rows);
            maxTasks = (int)Math.Min(alone + ((long)(calls - alone) * pack), maxTasks);
            if (rows.Count < maxTasks)
            {
                ReadRows(
                    session.Use(FindRequeuedForPack).Bind(1, first).Bind(2, end).Bind(3, maxTasks - rows.Count).Bind(4, most), rows, pack);
            }
        }

        var again = rows.Count;
        var fresh = Math.Min(maxTasks - rows.Count, candidate.Available - candidate.Requeued);
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
            tasks.Enqueue(new ClaimedTask(row.Key, job, row.Fence, row.Attempt, row.Version, StoredInput.InRow(row.Input), payloads)
            {
                LargeInputBytes = StoredInput.Find(row.Input)?.Size ?? 0,
                Item = row.Item,
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
                    Item = new ItemName(statement.TextOrNull(5), statement.TextOrNull(6)),
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
            Cache = (ResultCache)row.Int32(10),
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
                new PayloadRef(rows.Int64(0), rows.Text(1), rows.TextOrNull(2), rows.Int64(3), rows.IsNull(4) ? default : rows.Blob(4))
                {
                    // So that the call need not ask where a large part is.
                    Place = rows.IsNull(5)
                        ? null
                        : new PayloadPlace(
                            rows.Text(5), rows.Int64(6), rows.Int64(3), rows.IsNull(7) ? null : rows.Blob(7),
                            rows.IsNull(8) ? null : rows.Int64(8)),
                });
        }

        return payloads;
    }
}
