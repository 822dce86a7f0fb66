using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Uploads;

namespace StashAI.Storage.Sqlite.Jobs;

/// <summary>Copies items of a job into an upload. Their binary parts are shared, not copied.</summary>
internal static class SqliteCopy
{
    private const string FindSource = "SELECT total, trimmed FROM queue_jobs WHERE id = ?1 AND state <> 6 /* Staging */";

    private const string FindItems = """
        SELECT t.id, t.state, COALESCE(LENGTH(i.input), 0), substr(i.input, 1, 1) = x'01' /* a reference */ FROM queue_tasks t LEFT JOIN task_inputs i ON i.task_id = t.id
        WHERE t.id >= ?1 AND t.id < ?2
            AND (?3 = 0 /* All */ OR t.state = 4 /* Failed */ OR (?3 = 2 /* Unfinished */ AND t.state = 5 /* Cancelled */))
        ORDER BY t.id LIMIT ?4
        """;

    private const string CopyTask = "INSERT INTO queue_tasks (id, state, source_ordinal) VALUES (?1, 0 /* Available */, ?2)";

    private const string CopyInput = "INSERT INTO task_inputs (task_id, input, item_name, item_id) "
        + "SELECT ?1, input, item_name, item_id FROM task_inputs WHERE task_id = ?2";

    private const string CopyParts = """
        INSERT INTO task_payloads (task_id, ordinal, slot, payload_id, data_url_prefix)
        SELECT ?1, ordinal, slot, payload_id, data_url_prefix FROM task_payloads WHERE task_id = ?2 AND ordinal >= 0
        """;

    // The payload of a large input belongs to the first input once that was edited.
    private const string CopyLargeInput = """
        INSERT INTO task_payloads (task_id, ordinal, slot, payload_id, data_url_prefix)
        SELECT ?1, ordinal, slot, payload_id, data_url_prefix FROM task_payloads WHERE task_id = ?2 AND ordinal = -1
        """;

    private const string KeepPayloads = """
        UPDATE payloads SET refs = refs + counted.n
        FROM (SELECT payload_id, COUNT(*) AS n FROM task_payloads WHERE task_id >= ?1 AND task_id < ?2 GROUP BY payload_id) AS counted
        WHERE payloads.id = counted.payload_id
        """;

    private const string SumBytes = """
        SELECT COALESCE(SUM(p.size), 0) FROM task_payloads r JOIN payloads p ON p.id = r.payload_id WHERE r.task_id >= ?1 AND r.task_id < ?2
            AND r.ordinal >= 0
        """;

    /// <summary>Copies the next items of a job, from a position on, behind the items that the upload has.</summary>
    public static CopiedItems Run(SqliteSession session, long sourceKey, long jobKey, int from, CopiedTasks which, int count)
    {
        var source = session.Use(FindSource).Bind(1, sourceKey);
        if (!source.Step()) throw new SourceLostException(isTrimmed: false);
        var (total, isTrimmed) = (source.Int32(0), source.Int32(1) != 0);
        source.Reset();
        var bytes = from == 0 ? CopyJobParts(session, sourceKey, jobKey) : 0;
        var end = (int)Math.Min((long)from + CopiedItems.Window, total);
        var found = new List<(long Key, TaskState State, long Bytes, bool IsLarge)>();
        var rows = session.Use(FindItems).Bind(1, TaskKey.From(sourceKey, from)).Bind(2, TaskKey.From(sourceKey, end))
            .Bind(3, (int)which).Bind(4, CopiedItems.MaxItems + 1);
        while (rows.Step()) found.Add((rows.Int64(0), (TaskState)rows.Int32(1), rows.Int64(2), !rows.IsNull(3) && rows.Int32(3) != 0));
        var fitting = CopiedItems.Fitting(found.Select(item => item.Bytes));
        for (var i = 0; i < fitting; i++)
        {
            var (key, state, _, isLarge) = found[i];
            var copy = TaskKey.From(jobKey, count + i);
            session.Use(CopyTask).Bind(1, copy).Bind(2, TaskKey.OrdinalOf(key)).Run();
            session.Use(CopyInput).Bind(1, copy).Bind(2, key).Run();
            if (isLarge) session.Use(CopyLargeInput).Bind(1, copy).Bind(2, key).Run();
            var parts = session.Use(CopyParts).Bind(1, copy).Bind(2, key).Run();
            if (parts == 0 && isTrimmed && state == TaskState.Completed) throw new SourceLostException(isTrimmed: true);
        }

        bytes += Keep(session, TaskKey.From(jobKey, count), TaskKey.From(jobKey, count + fitting));
        var next = fitting < found.Count ? TaskKey.OrdinalOf(found[fitting].Key) : end;
        return new CopiedItems([.. found.Take(fitting).Select(item => TaskKey.OrdinalOf(item.Key))], bytes, next < total ? next : null);
    }

    private static long CopyJobParts(SqliteSession session, long sourceKey, long jobKey)
    {
        var copy = TaskKey.From(jobKey, TaskKey.JobParts);
        session.Use(CopyParts).Bind(1, copy).Bind(2, TaskKey.From(sourceKey, TaskKey.JobParts)).Run();
        return Keep(session, copy, copy + 1);
    }

    private static long Keep(SqliteSession session, long from, long to)
    {
        session.Use(KeepPayloads).Bind(1, from).Bind(2, to).Run();
        return session.Use(SumBytes).Bind(1, from).Bind(2, to).Scalar()!.Value;
    }
}
