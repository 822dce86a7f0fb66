using Npgsql;
using StashAI.Queue.Model.Tasks;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Reading;

/// <summary>
/// Compares the items of two jobs. Results are compared where they are; only those that were judged again since are loaded.
/// </summary>
internal static class PostgresPairs
{
    private const string List = """
        SELECT a.id, b.id, a.state, b.state,
            COALESCE(a.state = b.state AND a.error_kind = b.error_kind, false),
            CASE WHEN ea.edits IS NULL AND eb.edits IS NULL THEN ra.output IS NOT DISTINCT FROM rb.output END,
            CASE WHEN ea.edits IS NOT NULL OR eb.edits IS NOT NULL THEN ra.output END, ea.edits,
            CASE WHEN ea.edits IS NOT NULL OR eb.edits IS NOT NULL THEN rb.output END, eb.edits
        FROM (SELECT id, state, error_kind, CASE WHEN $5 THEN COALESCE(source_ordinal, (id & 16777215)::int) ELSE (id & 16777215)::int END AS position
            FROM queue_tasks WHERE id >= $2 AND id < $3 ORDER BY id LIMIT $4) b
        LEFT JOIN queue_tasks a ON a.id = $1 + b.position
        LEFT JOIN task_results ra ON ra.task_id = a.id LEFT JOIN task_results rb ON rb.task_id = b.id
        LEFT JOIN task_judgements ea ON ea.task_id = a.id LEFT JOIN task_judgements eb ON eb.task_id = b.id ORDER BY b.id
        """;

    public static async Task<IReadOnlyList<ItemPair>> ReadAsync(
        PostgresSession session, long firstKey, long secondKey, bool isRerun, int from, int limit, CancellationToken cancellationToken)
    {
        var pairs = new List<ItemPair>();
        await using var batch = session.Batch().Add(
            List, Value(TaskKey.From(firstKey, 0)), Value(TaskKey.From(secondKey, from)), Value(TaskKey.From(secondKey + 1, 0)),
            Value(limit), Value(isRerun));
        await using var rows = await batch.ReadAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            var isPair = !rows.IsDBNull(0);
            pairs.Add(new ItemPair(
                isPair ? TaskKey.OrdinalOf(rows.GetInt64(0)) : null, TaskKey.OrdinalOf(rows.GetInt64(1)),
                isPair ? (TaskState)rows.GetInt16(2) : null, (TaskState)rows.GetInt16(3), rows.GetBoolean(4) && HaveSameResult(rows)));
        }

        return pairs;
    }

    private static bool HaveSameResult(NpgsqlDataReader row)
    {
        if (!row.IsDBNull(5)) return row.GetBoolean(5);
        return !row.IsDBNull(6) && !row.IsDBNull(8)
            && PostgresRead.ReadOutput(row, 6).AsSpan().SequenceEqual(PostgresRead.ReadOutput(row, 8));
    }
}
