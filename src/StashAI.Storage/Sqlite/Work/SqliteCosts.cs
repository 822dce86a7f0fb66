using StashAI.Queue.Model.Figures;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Work;

/// <summary>
/// Adds up what calls cost, by job and by day, in the transaction that records them. SQLite has no decimal numbers, so only
/// the writer adds to them.
/// </summary>
internal sealed class SqliteCosts(SqliteSession session)
{
    /// <summary>Removes the days of a year and more ago.</summary>
    public const string RemoveOld = "DELETE FROM day_costs WHERE day < stashai_now() / 86400000 - 400";

    private const int DayMs = 86_400_000;

    private const string ReadJob = "SELECT cost, COALESCE(owner, ''), service FROM queue_jobs WHERE id = ?1";

    private const string SaveJob = "UPDATE queue_jobs SET cost = ?2 WHERE id = ?1";

    private const string ReadDay = "SELECT cost FROM day_costs WHERE day = ?1 AND owner = ?2 AND service = ?3";

    private const string SaveDay = """
        INSERT INTO day_costs (day, owner, service, tasks, cost) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT DO UPDATE SET tasks = tasks + excluded.tasks, cost = excluded.cost
        """;

    private const string List = """
        SELECT day, owner, service, tasks, cost FROM day_costs
        WHERE day BETWEEN ?1 AND ?2 AND (?3 IS NULL OR owner = ?3) AND (?4 IS NULL OR service = ?4)
        ORDER BY day DESC, owner, service LIMIT ?5
        """;

    private readonly SortedDictionary<long, (long Tasks, decimal Cost)> jobs = [];

    /// <summary>Adds the cost of a task that was recorded.</summary>
    public void Add(long jobKey, decimal cost)
    {
        var sum = jobs.GetValueOrDefault(jobKey);
        jobs[jobKey] = (sum.Tasks + 1, sum.Cost + cost);
    }

    /// <summary>Writes the sums.</summary>
    /// <param name="now">The time of the database's clock, which says the day.</param>
    public void Finish(long now)
    {
        foreach (var (job, (tasks, cost)) in jobs)
        {
            var row = session.Use(ReadJob).Bind(1, job);
            if (!row.Step()) continue;
            var (sum, owner, service) = ((SqliteDecimal.Read(row, 0) ?? 0) + cost, row.Text(1), row.Text(2));
            row.Reset();
            session.Use(SaveJob).Bind(1, job).Bind(2, SqliteDecimal.Text(sum)).Run();
            AddDay(now / DayMs, owner, service, tasks, cost);
        }
    }

    public static IReadOnlyList<DayCost> Of(SqliteSession session, CostQuery query, int limit)
    {
        var costs = new List<DayCost>();
        var row = session.Use(List).Bind(1, DayOf(query.From)).Bind(2, DayOf(query.To)).Bind(3, query.Owner).Bind(4, query.Service)
            .Bind(5, limit);
        while (row.Step())
        {
            costs.Add(new DayCost(
                DateOnly.FromDateTime(DateTime.UnixEpoch.AddDays(row.Int64(0))), row.Text(1) is { Length: > 0 } owner ? owner : null,
                row.Text(2), row.Int64(3), SqliteDecimal.Read(row, 4) ?? 0));
        }

        return costs;
    }

    private static long DayOf(DateOnly day) => day.DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber;

    private void AddDay(long day, string owner, string service, long tasks, decimal cost)
    {
        var row = session.Use(ReadDay).Bind(1, day).Bind(2, owner).Bind(3, service);
        var before = row.Step() ? SqliteDecimal.Read(row, 0) ?? 0 : 0;
        row.Reset();
        session.Use(SaveDay).Bind(1, day).Bind(2, owner).Bind(3, service).Bind(4, tasks).Bind(5, SqliteDecimal.Text(before + cost)).Run();
    }
}
