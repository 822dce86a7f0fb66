using StashAI.Queue.Model.Tasks;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Reading;

/// <summary>
/// Compares the items of two jobs. Results are compared where they are; only those that were judged again since are loaded.
/// </summary>
internal static class SqlitePairs
{
    private const string List = """
        SELECT a.id, b.id, a.state, b.state, COALESCE(a.state = b.state AND a.error_kind = b.error_kind, 0),
            CASE WHEN ea.edits IS NULL AND eb.edits IS NULL THEN ra.output IS rb.output END,
            CASE WHEN ea.edits NOTNULL OR eb.edits NOTNULL THEN ra.output END, ea.edits,
            CASE WHEN ea.edits NOTNULL OR eb.edits NOTNULL THEN rb.output END, eb.edits
        FROM (SELECT id, state, error_kind, CASE ?5 WHEN 1 THEN COALESCE(source_ordinal, id & 16777215) ELSE id & 16777215 END AS position
            FROM queue_tasks WHERE id >= ?2 AND id < ?3 ORDER BY id LIMIT ?4) b
        LEFT JOIN queue_tasks a ON a.id = ?1 + b.position
        LEFT JOIN task_results ra ON ra.task_id = a.id LEFT JOIN task_results rb ON rb.task_id = b.id
        LEFT JOIN task_judgements ea ON ea.task_id = a.id LEFT JOIN task_judgements eb ON eb.task_id = b.id ORDER BY b.id
        """;

    public static IReadOnlyList<ItemPair> Read(SqliteSession session, long firstKey, long secondKey, bool isRerun, int from, int limit)
    {
        var pairs = new List<ItemPair>();
        var rows = session.Use(List).Bind(1, TaskKey.From(firstKey, 0)).Bind(2, TaskKey.From(secondKey, from))
            .Bind(3, TaskKey.From(secondKey + 1, 0)).Bind(4, limit).Bind(5, isRerun ? 1 : 0);
        while (rows.Step())
        {
            var isPair = !rows.IsNull(0);
            pairs.Add(new ItemPair(
                isPair ? TaskKey.OrdinalOf(rows.Int64(0)) : null, TaskKey.OrdinalOf(rows.Int64(1)),
                isPair ? (TaskState)rows.Int32(2) : null, (TaskState)rows.Int32(3), rows.Int32(4) != 0 && HaveSameResult(rows)));
        }

        return pairs;
    }

    private static bool HaveSameResult(SqliteStatement row)
    {
        if (!row.IsNull(5)) return row.Int32(5) != 0;
        return !row.IsNull(6) && !row.IsNull(8)
            && SqliteRead.ReadOutput(row, 6).AsSpan().SequenceEqual(SqliteRead.ReadOutput(row, 8));
    }
}
