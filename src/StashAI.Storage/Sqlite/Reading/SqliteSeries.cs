using StashAI.Queue.Model.Figures;
using StashAI.Queue.Policies;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Units;
using StashAI.Storage.Sqlite.Work;

namespace StashAI.Storage.Sqlite.Reading;

/// <summary>What happened in each minute and hour, by service.</summary>
internal static class SqliteSeries
{
    private const string Add = """
        INSERT INTO series (step, at, service, submitted, completed, failed, retried, throttled)
        VALUES (60, ?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT DO UPDATE SET submitted = series.submitted + excluded.submitted, completed = series.completed + excluded.completed,
            failed = series.failed + excluded.failed, retried = series.retried + excluded.retried,
            throttled = series.throttled + excluded.throttled
        """;

    private const string AddCalls = """
        INSERT INTO series_calls (step, at, service, bucket, count) VALUES (60, ?1, ?2, ?3, ?4)
        ON CONFLICT DO UPDATE SET count = series_calls.count + excluded.count
        """;

    // From the counters: available and scheduled tasks.
    private const string NoteWaiting = """
        INSERT INTO series (step, at, service, waiting)
        SELECT 60, ?1, service, SUM(count) FROM totals WHERE kind = 0 /* tasks */ AND state IN (0, 1) /* Available, Scheduled */
        GROUP BY service HAVING SUM(count) > 0 ORDER BY service
        ON CONFLICT DO UPDATE SET waiting = MAX(series.waiting, excluded.waiting)
        """;

    // Written anew from all minutes of the hour, so that repeating it changes nothing. Three hours, for writes that were late.
    private const string RollCounts = """
        INSERT INTO series (step, at, service, submitted, completed, failed, retried, throttled, waiting)
        SELECT 3600, at / 3600000 * 3600000 AS hour, service, SUM(submitted), SUM(completed), SUM(failed), SUM(retried),
            SUM(throttled), MAX(waiting)
        FROM series WHERE step = 60 AND at >= (stashai_now() / 3600000 - 3) * 3600000 GROUP BY hour, service ORDER BY hour, service
        ON CONFLICT DO UPDATE SET submitted = excluded.submitted, completed = excluded.completed, failed = excluded.failed,
            retried = excluded.retried, throttled = excluded.throttled, waiting = excluded.waiting
        """;

    private const string RollCalls = """
        INSERT INTO series_calls (step, at, service, bucket, count)
        SELECT 3600, at / 3600000 * 3600000 AS hour, service, bucket, SUM(count)
        FROM series_calls WHERE step = 60 AND at >= (stashai_now() / 3600000 - 3) * 3600000 GROUP BY hour, service,
            bucket ORDER BY hour, service, bucket
        ON CONFLICT DO UPDATE SET count = excluded.count
        """;

    private const string Old = "(step = 60 AND at < stashai_now() - 172800000) OR (step = 3600 AND at < stashai_now() - 7776000000)";

    private const string RemoveCounts = $"DELETE FROM series WHERE {Old}";

    private const string RemoveCalls = $"DELETE FROM series_calls WHERE {Old}";

    private const string Counts = """
        SELECT at / ?4 * ?4, SUM(submitted), SUM(completed), SUM(failed), SUM(retried), SUM(throttled), MAX(waiting) FROM (
            SELECT at, SUM(submitted) AS submitted, SUM(completed) AS completed, SUM(failed) AS failed, SUM(retried) AS retried,
                SUM(throttled) AS throttled, SUM(waiting) AS waiting
            FROM series WHERE step = ?1 AND at >= ?2 AND at < ?3 AND (?5 IS NULL OR service = ?5) GROUP BY at) AS moments
        GROUP BY 1 ORDER BY 1
        """;

    // In the order of the key: the database would sort all rows to group them.
    private const string Calls = """
        SELECT at / ?4 * ?4, bucket, count FROM series_calls
        WHERE step = ?1 AND at >= ?2 AND at < ?3 AND (?5 IS NULL OR service = ?5) ORDER BY at
        """;

    public static bool Write(SqliteSession session, DateTimeOffset minute, IReadOnlyList<SeriesAddition> additions)
    {
        foreach (var (at, service, counts, calls) in additions)
        {
            var time = at.ToUnixTimeMilliseconds();
            session.Use(Add).Bind(1, time).Bind(2, service).Bind(3, counts.Submitted).Bind(4, counts.Completed).Bind(5, counts.Failed)
                .Bind(6, counts.Retried).Bind(7, counts.Throttled).Run();
            foreach (var (bucket, count) in calls)
                session.Use(AddCalls).Bind(1, time).Bind(2, service).Bind(3, bucket).Bind(4, count).Run();
        }

        var waiting = session.Use(NoteWaiting).Bind(1, minute.ToUnixTimeMilliseconds()).Run();
        return additions.Count + waiting > 0;
    }

    public static int Roll(SqliteSession session)
    {
        session.Use(RollCounts).Run();
        session.Use(RollCalls).Run();
        session.Use(RemoveCounts).Run();
        session.Use(SqliteTimelines.RemoveOld).Run();
        session.Use(SqliteCosts.RemoveOld).Run();
        return session.Use(RemoveCalls).Run();
    }

    public static IReadOnlyList<SeriesPoint> Read(SqliteSession session, SeriesQuery query)
    {
        var calls = new Dictionary<long, IReadOnlyList<(int Bucket, long Count)>>();
        var sums = new long[LatencyBuckets.Count];
        long? moment = null;
        var row = Bind(session.Use(Calls), query);
        while (row.Step())
        {
            if (row.Int64(0) != moment) End();
            moment = row.Int64(0);
            sums[Math.Clamp(row.Int32(1), 0, LatencyBuckets.Count - 1)] += row.Int64(2);
        }

        End();

        var points = new List<SeriesPoint>();
        row = Bind(session.Use(Counts), query);
        while (row.Step())
        {
            var counts = new SeriesCounts(row.Int64(1), row.Int64(2), row.Int64(3), row.Int64(4), row.Int64(5));
            var at = row.Int64(0);
            points.Add(new SeriesPoint(
                DateTimeOffset.FromUnixTimeMilliseconds(at), counts, row.Int64(6), calls.TryGetValue(at, out var buckets) ? buckets : []));
        }

        return points;

        void End()
        {
            if (moment is { } at) calls.Add(at, [.. sums.Select((count, bucket) => (bucket, count)).Where(sum => sum.count > 0)]);
            Array.Clear(sums);
        }
    }

    private static SqliteStatement Bind(SqliteStatement statement, SeriesQuery query) => statement
        .Bind(1, query.Step < TimeSpan.FromHours(1) ? 60 : 3600).Bind(2, query.From.ToUnixTimeMilliseconds())
        .Bind(3, query.To.ToUnixTimeMilliseconds()).Bind(4, (long)query.Step.TotalMilliseconds).Bind(5, query.Service);
}
