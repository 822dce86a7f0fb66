using StashAI.Queue.Model.Figures;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Reading;

/// <summary>The open tasks of each service, from the totals and the heads of the claim's index.</summary>
internal static class SqliteDepths
{
    private const string Open = "SELECT service, state, SUM(count) FROM totals WHERE kind = 0 /* tasks */ AND state <= 2 "
        + "/* open */ GROUP BY service, state";

    private const string Heads = """
        SELECT l.service, MIN((
            SELECT MAX(j.created_at, COALESCE(j.start_at, 0)) FROM queue_jobs j
            WHERE j.lane_id = l.id AND j.effective_priority = p.column1
                AND j.available > 0 AND j.paused = 0 AND j.cancelling = 0 AND j.running < j.max_parallel
            ORDER BY j.vtime, j.id LIMIT 1))
        FROM lanes l CROSS JOIN (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS p
        GROUP BY l.service
        """;

    public static IReadOnlyList<ServiceDepth> Read(SqliteSession session)
    {
        var oldest = new Dictionary<string, DateTimeOffset>();
        var heads = session.Use(Heads);
        while (heads.Step())
        {
            if (!heads.IsNull(1)) oldest.Add(heads.Text(0), DateTimeOffset.FromUnixTimeMilliseconds(heads.Int64(1)));
        }

        var counts = new SortedDictionary<string, long[]>(StringComparer.Ordinal);
        var rows = session.Use(Open);
        while (rows.Step())
        {
            if (!counts.TryGetValue(rows.Text(0), out var count)) counts.Add(rows.Text(0), count = new long[3]);
            count[rows.Int32(1)] = rows.Int64(2);
        }

        return [.. counts.Select(service => new ServiceDepth(
            service.Key, service.Value[0], service.Value[1], service.Value[2],
            oldest.TryGetValue(service.Key, out var since) ? since : null))];
    }
}
