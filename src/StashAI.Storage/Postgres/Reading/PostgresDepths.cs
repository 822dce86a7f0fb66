using StashAI.Queue.Model.Figures;
using StashAI.Storage.Postgres.Database;

namespace StashAI.Storage.Postgres.Reading;

/// <summary>The open tasks of each service, from the totals and the heads of the claim's index.</summary>
internal static class PostgresDepths
{
    private const string Open =
        "SELECT service, state::int, SUM(count)::bigint FROM totals WHERE kind = 0 /* tasks */ AND state <= 2 "
        + "/* open */ GROUP BY service, state";

    private const string Heads = """
        SELECT l.service, MIN(h.since)
        FROM lanes l CROSS JOIN generate_series(0, 9) AS p (priority) CROSS JOIN LATERAL (
            SELECT GREATEST(created_at, start_at) AS since FROM queue_jobs
            WHERE lane_id = l.id AND effective_priority = p.priority::smallint AND is_runnable ORDER BY vtime, id LIMIT 1) AS h
        GROUP BY l.service
        """;

    public static async Task<IReadOnlyList<ServiceDepth>> ReadAsync(PostgresSession session, CancellationToken cancellationToken)
    {
        await using var batch = session.Batch().Add(Heads).Add(Open);
        await using var rows = await batch.ReadAsync(cancellationToken);
        var oldest = new Dictionary<string, DateTimeOffset>();
        while (await rows.ReadAsync(cancellationToken))
        {
            oldest.Add(rows.GetString(0), DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(1)));
        }

        await rows.NextResultAsync(cancellationToken);
        var counts = new SortedDictionary<string, long[]>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancellationToken))
        {
            if (!counts.TryGetValue(rows.GetString(0), out var count)) counts.Add(rows.GetString(0), count = new long[3]);
            count[rows.GetInt32(1)] = rows.GetInt64(2);
        }

        return [.. counts.Select(service => new ServiceDepth(
            service.Key, service.Value[0], service.Value[1], service.Value[2],
            oldest.TryGetValue(service.Key, out var since) ? since : null))];
    }
}
