using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Work;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Work;

/// <summary>Adds up what calls cost, by job and by day, in the transaction that records them.</summary>
internal static class PostgresCosts
{
    /// <summary>Removes the days of a year and more ago.</summary>
    public const string RemoveOld = "DELETE FROM day_costs WHERE day < stashai_now() / 86400000 - 400";

    // Before the tasks are completed: their jobs are locked, so that those which run now are those which will be completed. Days come in
    // one order (S13).
    private const string Count = """
        WITH paid AS (
            SELECT t.id >> 24 AS job, COUNT(*) AS tasks, SUM(o.cost) AS cost
            FROM unnest($2::bigint[], $3::int[], $4::numeric[]) AS o (id, fence, cost)
                JOIN queue_tasks t ON t.id = o.id AND t.fence = o.fence AND t.node_id = $1 AND t.state = 2 /* Running */ GROUP BY 1),
        summed AS (
            UPDATE queue_jobs j SET cost = COALESCE(j.cost, 0) + p.cost FROM paid p WHERE j.id = p.job
            RETURNING COALESCE(j.owner, '') AS owner, j.service, p.tasks, p.cost AS paid)
        INSERT INTO day_costs (day, owner, service, tasks, cost)
        SELECT stashai_now() / 86400000, owner, service, SUM(tasks), SUM(paid) FROM summed GROUP BY 2, 3 ORDER BY 2, 3
        ON CONFLICT (day, owner, service) DO UPDATE SET tasks = day_costs.tasks + excluded.tasks, cost = day_costs.cost + excluded.cost
        """;

    private const string List = """
        SELECT day, owner, service, tasks, cost FROM day_costs
        WHERE day BETWEEN $1 AND $2 AND ($3::text IS NULL OR owner = $3::text) AND ($4::text IS NULL OR service = $4::text)
        ORDER BY day DESC, owner COLLATE "C", service COLLATE "C" LIMIT $5
        """;

    /// <summary>Adds a statement that counts the costs of results that are about to be recorded.</summary>
    public static void Add(PostgresBatch batch, long nodeKey, List<AttemptResult> results)
    {
        var paid = results.FindAll(result => result.Cost is not null);
        if (paid.Count == 0) return;
        batch.Add(
            Count, Value(nodeKey), Value(paid.Select(result => result.Task.Key).ToArray()),
            Value(paid.Select(result => result.Task.Fence).ToArray()), Value(paid.Select(result => result.Cost!.Value).ToArray()));
    }

    public static async Task<IReadOnlyList<DayCost>> ReadAsync(
        PostgresSession session, CostQuery query, int limit, CancellationToken cancellationToken)
    {
        await using var batch = session.Batch()
            .Add(List, Value(DayOf(query.From)), Value(DayOf(query.To)), Text(query.Owner), Text(query.Service), Value(limit));
        await using var row = await batch.ReadAsync(cancellationToken);
        var costs = new List<DayCost>();
        while (await row.ReadAsync(cancellationToken))
        {
            costs.Add(new DayCost(
                DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(row.GetInt32(0))),
                row.GetString(1) is { Length: > 0 } owner ? owner : null, row.GetString(2), row.GetInt64(3), row.GetDecimal(4)));
        }

        return costs;
    }

    private static int DayOf(DateOnly day) => day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;
}
