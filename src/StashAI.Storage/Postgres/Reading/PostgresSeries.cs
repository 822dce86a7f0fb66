using StashAI.Queue.Model.Figures;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Units;
using StashAI.Storage.Postgres.Work;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Reading;

/// <summary>What happened in each minute and hour, by service.</summary>
internal static class PostgresSeries
{
    private const string Add = """
        INSERT INTO series (step, at, service, submitted, completed, failed, retried, throttled)
        VALUES (60, $1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (step, at, service) DO UPDATE SET submitted = series.submitted + excluded.submitted,
            completed = series.completed + excluded.completed,
            failed = series.failed + excluded.failed, retried = series.retried + excluded.retried,
            throttled = series.throttled + excluded.throttled
        """;

    private const string AddCalls = """
        INSERT INTO series_calls (step, at, service, bucket, count) VALUES (60, $1, $2, $3, $4)
        ON CONFLICT (step, at, service, bucket) DO UPDATE SET count = series_calls.count + excluded.count
        """;

    // From the counters: available and scheduled tasks.
    private const string NoteWaiting = """
        INSERT INTO series (step, at, service, waiting)
        SELECT 60, $1, service, SUM(count)::bigint FROM totals WHERE kind = 0 /* tasks */ AND state IN (0, 1) /* Available, Scheduled */
        GROUP BY service HAVING SUM(count) > 0 ORDER BY service
        ON CONFLICT (step, at, service) DO UPDATE SET waiting = GREATEST(series.waiting, excluded.waiting)
        RETURNING 1
        """;

    // Written anew from all minutes of the hour, so that repeating it changes nothing. Three hours, for writes that were late.
    private const string RollCounts = """
        INSERT INTO series (step, at, service, submitted, completed, failed, retried, throttled, waiting)
        SELECT 3600, at / 3600000 * 3600000 AS hour, service, SUM(submitted)::bigint, SUM(completed)::bigint, SUM(failed)::bigint,
            SUM(retried)::bigint,
            SUM(throttled)::bigint, MAX(waiting)
        FROM series WHERE step = 60 AND at >= (stashai_now() / 3600000 - 3) * 3600000 GROUP BY hour, service ORDER BY hour, service
        ON CONFLICT (step, at, service) DO UPDATE SET submitted = excluded.submitted, completed = excluded.completed,
            failed = excluded.failed,
            retried = excluded.retried, throttled = excluded.throttled, waiting = excluded.waiting
        """;

    private const string RollCalls = """
        INSERT INTO series_calls (step, at, service, bucket, count)
        SELECT 3600, at / 3600000 * 3600000 AS hour, service, bucket, SUM(count)::bigint
        FROM series_calls WHERE step = 60 AND at >= (stashai_now() / 3600000 - 3) * 3600000 GROUP BY hour, service,
            bucket ORDER BY hour, service, bucket
        ON CONFLICT (step, at, service, bucket) DO UPDATE SET count = excluded.count
        """;

    private const string Old = "(step = 60 AND at < stashai_now() - 172800000) OR (step = 3600 AND at < stashai_now() - 7776000000)";

    private const string RemoveCounts = $"DELETE FROM series WHERE {Old}";

    private const string RemoveCalls = $"DELETE FROM series_calls WHERE {Old}";

    private const string Counts = """
        SELECT at / $4 * $4, SUM(submitted)::bigint, SUM(completed)::bigint, SUM(failed)::bigint, SUM(retried)::bigint,
            SUM(throttled)::bigint, MAX(waiting)::bigint FROM (
            SELECT at, SUM(submitted) AS submitted, SUM(completed) AS completed, SUM(failed) AS failed, SUM(retried) AS retried,
                SUM(throttled) AS throttled, SUM(waiting) AS waiting
            FROM series WHERE step = $1 AND at >= $2 AND at < $3 AND ($5::text IS NULL OR service = $5::text) GROUP BY at) AS moments
        GROUP BY 1 ORDER BY 1
        """;

    private const string Calls = """
        SELECT at / $4 * $4, bucket, SUM(count)::bigint FROM series_calls
        WHERE step = $1 AND at >= $2 AND at < $3 AND ($5::text IS NULL OR service = $5::text) GROUP BY 1, 2 ORDER BY 1, 2
        """;

    public static async Task<bool> WriteAsync(
        PostgresSession session, DateTimeOffset minute, IReadOnlyList<SeriesAddition> additions, CancellationToken cancellationToken)
    {
        // In one order, so that processes that write the same rows do not deadlock (S13): by time and service, counts before calls.
        await using var batch = session.Batch();
        foreach (var (at, service, counts, _) in Sorted(additions))
        {
            batch.Add(
                Add, Value(at.ToUnixTimeMilliseconds()), Text(service), Value(counts.Submitted), Value(counts.Completed),
                    Value(counts.Failed),
                Value(counts.Retried), Value(counts.Throttled));
        }

        foreach (var (at, service, _, calls) in Sorted(additions))
        {
            foreach (var (bucket, count) in calls)
                batch.Add(AddCalls, Value(at.ToUnixTimeMilliseconds()), Text(service), Value(bucket), Value(count));
        }

        if (additions.Count > 0) await batch.RunAsync(cancellationToken);
        await using var note = session.Batch().Add(NoteWaiting, Value(minute.ToUnixTimeMilliseconds()));
        await using var noted = await note.ReadAsync(cancellationToken);
        return await noted.ReadAsync(cancellationToken) || additions.Count > 0;
    }

    public static async Task RollAsync(PostgresSession session, CancellationToken cancellationToken)
    {
        string[] statements = [RollCounts, RollCalls, RemoveCounts, RemoveCalls, PostgresTimelines.RemoveOld, PostgresCosts.RemoveOld];
        foreach (var statement in statements)
        {
            await using var batch = session.Batch().Add(statement);
            await batch.RunAsync(cancellationToken);
        }
    }

    public static async Task<IReadOnlyList<SeriesPoint>> ReadAsync(
        PostgresSession session, SeriesQuery query, CancellationToken cancellationToken)
    {
        var step = query.Step < TimeSpan.FromHours(1) ? 60 : 3600;
        var (from, to) = (query.From.ToUnixTimeMilliseconds(), query.To.ToUnixTimeMilliseconds());
        var size = (long)query.Step.TotalMilliseconds;
        await using var batch = session.Batch()
            .Add(Calls, Value(step), Value(from), Value(to), Value(size), Text(query.Service))
            .Add(Counts, Value(step), Value(from), Value(to), Value(size), Text(query.Service));
        await using var row = await batch.ReadAsync(cancellationToken);
        var calls = new Dictionary<long, List<(int Bucket, long Count)>>();
        while (await row.ReadAsync(cancellationToken))
        {
            if (!calls.TryGetValue(row.GetInt64(0), out var buckets)) calls.Add(row.GetInt64(0), buckets = []);
            buckets.Add((row.GetInt32(1), row.GetInt64(2)));
        }

        await row.NextResultAsync(cancellationToken);
        var points = new List<SeriesPoint>();
        while (await row.ReadAsync(cancellationToken))
        {
            var counts = new SeriesCounts(row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5));
            var at = row.GetInt64(0);
            points.Add(new SeriesPoint(
                DateTimeOffset.FromUnixTimeMilliseconds(at), counts, row.GetInt64(6), calls.TryGetValue(at,
                    out var buckets) ? buckets : []));
        }

        return points;
    }

    private static IEnumerable<SeriesAddition> Sorted(IReadOnlyList<SeriesAddition> additions) =>
        additions.OrderBy(one => one.Minute).ThenBy(one => one.Service, StringComparer.Ordinal);
}
