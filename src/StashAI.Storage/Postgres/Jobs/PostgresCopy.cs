using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Uploads;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Jobs;

/// <summary>
/// Copies items of a job into an upload. Their binary parts are shared, not copied. The caller has begun a transaction that holds the
/// upload.
/// </summary>
internal static class PostgresCopy
{
    // A removal hides the job first, and a trim marks it in its own transaction: what this reads afterwards says whether the copy is whole.
    private const string FindSource = "SELECT total, trimmed FROM queue_jobs WHERE id = $1 AND state <> 6 /* Staging */";

    private const string FindItems = """
        SELECT t.id, COALESCE(octet_length(i.input), 0)::bigint FROM queue_tasks t LEFT JOIN task_inputs i ON i.task_id = t.id
        WHERE t.id >= $1 AND t.id < $2
            AND ($3 = 0 /* All */ OR t.state = 4 /* Failed */ OR ($3 = 2 /* Unfinished */ AND t.state = 5 /* Cancelled */))
        ORDER BY t.id LIMIT $4
        """;

    private const string CopyTasks = """
        INSERT INTO queue_tasks (id, state, source_ordinal)
        SELECT s.copy, 0 /* Available */, (s.id & 16777215)::int FROM unnest($1::bigint[], $2::bigint[]) AS s (id, copy)
        """;

    private const string CopyInputs = """
        INSERT INTO task_inputs (task_id, input, item_name, item_id)
        SELECT s.copy, i.input, i.item_name, i.item_id FROM unnest($1::bigint[], $2::bigint[]) AS s (id, copy) JOIN task_inputs i ON i.task_id = s.id
        """;

    // The payload of a large input belongs to the first input once that was edited. The copy's own input says whether it needs the
    // payload: the source may be edited between the two statements.
    // A payload whose last task is being removed at the same time is not found any more: then fewer are kept than were copied.
    private const string CopyParts = """
        WITH copied AS (
            INSERT INTO task_payloads (task_id, ordinal, slot, payload_id, data_url_prefix)
            SELECT s.copy, r.ordinal, r.slot, r.payload_id, r.data_url_prefix
            FROM unnest($1::bigint[], $2::bigint[]) AS s (id, copy) JOIN task_payloads r ON r.task_id = s.id
            WHERE r.ordinal >= 0 OR EXISTS (
                SELECT 1 FROM task_inputs i WHERE i.task_id = s.copy AND substring(i.input FROM 1 FOR 1) = '\x01'::bytea /* a reference */)
            RETURNING payload_id, ordinal),
        counted AS (SELECT payload_id, COUNT(*)::int AS n, COUNT(*) FILTER (WHERE ordinal >= 0) AS parts FROM copied GROUP BY 1),
        kept AS (
            UPDATE payloads p SET refs = refs + c.n FROM counted c WHERE p.id = c.payload_id RETURNING p.size * c.parts AS bytes)
        SELECT (SELECT COUNT(*) FROM counted) = COUNT(*), COALESCE(SUM(bytes), 0)::bigint FROM kept
        """;

    private const string FindIncomplete = """
        SELECT 1 FROM unnest($1::bigint[], $2::bigint[]) AS s (id, copy) JOIN queue_tasks t ON t.id = s.id
        WHERE t.state = 3 /* Completed */ AND NOT EXISTS (SELECT 1 FROM task_payloads r WHERE r.task_id = s.copy AND r.ordinal >= 0) LIMIT 1
        """;

    /// <summary>Copies the next items of a job, from a position on, behind the items that the upload has.</summary>
    public static async Task<CopiedItems> RunAsync(
        PostgresSession session, long sourceKey, long jobKey, int from, CopiedTasks which, int count)
    {
        int total;
        var found = new List<(long Key, long Bytes)>();
        await using (var batch = session.Batch()
            .Add(FindSource, Value(sourceKey))
            .Add(
                FindItems, Value(TaskKey.From(sourceKey, from)), Value(TaskKey.From(sourceKey, from) + CopiedItems.Window),
                Value((int)which), Value(CopiedItems.MaxItems + 1)))
        await using (var rows = await batch.ReadAsync(CancellationToken.None))
        {
            total = await rows.ReadAsync() ? rows.GetInt32(0) : throw new SourceLostException(isTrimmed: false);
            await rows.NextResultAsync();
            while (await rows.ReadAsync()) found.Add((rows.GetInt64(0), rows.GetInt64(1)));
            // The parts that all tasks share have the last ordinal.
            found.RemoveAll(item => TaskKey.JobOf(item.Key) != sourceKey);
            await EndAsync(rows, CancellationToken.None);
        }

        var fitting = CopiedItems.Fitting(found.Select(item => item.Bytes));
        var ids = found.Take(fitting).Select(item => item.Key).ToList();
        var copies = Enumerable.Range(count, fitting).Select(ordinal => TaskKey.From(jobKey, ordinal)).ToList();
        var bytes = await CopyAsync(session, sourceKey, jobKey, [.. ids], [.. copies], withJobParts: from == 0);
        var end = (int)Math.Min((long)from + CopiedItems.Window, total);
        var next = fitting < found.Count ? TaskKey.OrdinalOf(found[fitting].Key) : end;
        return new CopiedItems([.. ids.Select(TaskKey.OrdinalOf)], bytes, next < total ? next : null);
    }

    private static async Task<long> CopyAsync(
        PostgresSession session, long sourceKey, long jobKey, long[] ids, long[] copies, bool withJobParts)
    {
        long[] from = withJobParts ? [.. ids, TaskKey.From(sourceKey, TaskKey.JobParts)] : ids;
        long[] to = withJobParts ? [.. copies, TaskKey.From(jobKey, TaskKey.JobParts)] : copies;
        await using var batch = session.Batch()
            .Add(CopyTasks, Value(ids), Value(copies)).Add(CopyInputs, Value(ids), Value(copies)).Add(CopyParts, Value(from), Value(to))
            .Add(FindIncomplete, Value(ids), Value(copies)).Add(FindSource, Value(sourceKey));
        await using var rows = await batch.ReadAsync(CancellationToken.None);
        await rows.ReadAsync();
        var (isWhole, bytes) = (rows.GetBoolean(0), rows.GetInt64(1));
        await rows.NextResultAsync();
        var isIncomplete = await rows.ReadAsync();
        await rows.NextResultAsync();
        var isThere = await rows.ReadAsync();
        var isTrimmed = isThere && rows.GetInt16(1) != 0;
        await EndAsync(rows, CancellationToken.None);
        if (!isThere || !isWhole) throw new SourceLostException(isTrimmed);
        return isTrimmed && isIncomplete ? throw new SourceLostException(isTrimmed: true) : bytes;
    }
}
