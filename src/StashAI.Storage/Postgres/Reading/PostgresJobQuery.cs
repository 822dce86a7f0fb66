using Npgsql;
using StashAI.Queue.Model.Jobs;
using StashAI.Storage.Jobs;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Reading;

/// <summary>Pages of jobs by any filter, as <see cref="JobListing"/> makes them.</summary>
internal static class PostgresJobQuery
{
    // $1 and $2: rank and key of the place before; $3: how many; $4: tag; $5: fingerprint; $6: kind of error; $7: whether messages are
    // wanted.
    private const string Head = "SELECT q.id, ";

    // Not EXISTS: for that, PostgreSQL would read the whole table of labels or failures into memory, whatever the page needs.
    private const string Columns = """
        , q.public_id, q.service, q.single_task, q.state, q.name, q.task_type, q.owner, q.paused, q.created_at, q.user_id, q.session_id,
            ($4::text IS NULL OR (SELECT true FROM job_labels WHERE job_id = q.id AND kind = 0 /* a tag */ AND value = $4 LIMIT 1) IS TRUE)
            AND ($5::bigint IS NULL OR (SELECT true FROM job_failures WHERE job_id = q.id AND fingerprint = $5 LIMIT 1) IS TRUE)
            AND ($6::int IS NULL OR (SELECT true FROM job_errors WHERE job_id = q.id AND kind = $6 LIMIT 1) IS TRUE),
            CASE WHEN $7 THEN
                COALESCE((SELECT string_agg(message, E'\n') FROM job_failures WHERE job_id = q.id), '') || E'\n'
                || COALESCE((SELECT string_agg(example, E'\n') FROM job_errors WHERE job_id = q.id), '') END,
            CASE WHEN q.failed > 0 AND q.state > 1 /* it has ended */ AND (SELECT true FROM file_batches WHERE job_id = q.id LIMIT 1) IS TRUE THEN 0 ELSE q.failed END
        """;

    private const string ByKey = $"{Head} 0 * $1::bigint {Columns}";

    private const string IsListed = "q.state <> 6 /* Staging */";

    private const string All = $"{ByKey} FROM queue_jobs q WHERE q.id < $2 AND {IsListed} ORDER BY q.id DESC LIMIT $3";

    // As for lists by state: only the index over all four columns can compare and order so.
    private const string OfGroups = $"""
        {ByKey} FROM (
            SELECT newest.id FROM (
                SELECT service, (kind - 1)::smallint AS single, state FROM totals
                WHERE kind IN (1, 2) AND ($8::text IS NULL OR service = $8) AND state = ANY ($9)
                GROUP BY service, kind, state HAVING SUM(count) > 0) AS g
            CROSS JOIN LATERAL (
                SELECT q.id FROM queue_jobs q
                WHERE (q.service, q.single_task, q.state, q.id) >= (g.service, g.single, g.state, 0::bigint)
                    AND (q.service, q.single_task, q.state, q.id) < (g.service, g.single, g.state, $2) AND {IsListed}
                ORDER BY q.service DESC, q.single_task DESC, q.state DESC, q.id DESC LIMIT $3) AS newest) AS k
        CROSS JOIN LATERAL (SELECT * FROM queue_jobs WHERE id = k.id OFFSET 0) AS q WHERE {IsListed}
        """;

    private const string CountGroups = """
        SELECT COUNT(*) FROM (
            SELECT 1 FROM totals WHERE kind IN (1, 2) AND ($1::text IS NULL OR service = $1) AND state = ANY ($2)
            GROUP BY service, kind, state HAVING SUM(count) > 0) AS g
        """;

    private const string Created = $"""
        {Head} q.created_at {Columns} FROM queue_jobs q
        WHERE (q.created_at, q.id) < ($1, $2) AND q.created_at > $8 AND {IsListed} ORDER BY q.created_at DESC, q.id DESC LIMIT $3
        """;

    // Sorted by key: ids of one millisecond have no order.
    private const string OfIds = $"""
        WITH named AS MATERIALIZED (
            SELECT id FROM queue_jobs WHERE public_id >= $8 AND public_id <= $9 AND id < $2 AND state <> 6 /* Staging */)
        {ByKey} FROM (SELECT id FROM named ORDER BY id DESC LIMIT $3) f JOIN queue_jobs q ON q.id = f.id ORDER BY q.id DESC
        """;

    private const string OfNames = $"""
        {ByKey} FROM queue_jobs q WHERE q.public_id = ANY ($8) AND q.id < $2 AND {IsListed} ORDER BY q.id DESC LIMIT $3
        """;

    // As with the groups, only the index over both columns can compare and order so; it is over the first characters.
    private const string OfUser = $"""
        {ByKey} FROM queue_jobs q
        WHERE (substr(q.user_id, 1, 100), q.id) >= (substr($8, 1, 100), 0::bigint)
            AND (substr(q.user_id, 1, 100), q.id) < (substr($8, 1, 100), $2) AND q.user_id IS NOT NULL AND {IsListed}
        ORDER BY substr(q.user_id, 1, 100) DESC, q.id DESC LIMIT $3
        """;

    private const string OfSession = $"""
        {ByKey} FROM queue_jobs q
        WHERE (substr(q.session_id, 1, 100), q.id) >= (substr($8, 1, 100), 0::bigint)
            AND (substr(q.session_id, 1, 100), q.id) < (substr($8, 1, 100), $2) AND q.session_id IS NOT NULL AND {IsListed}
        ORDER BY substr(q.session_id, 1, 100) DESC, q.id DESC LIMIT $3
        """;

    // OFFSET 0 keeps the jobs apart: PostgreSQL, which does not know the limit when it plans, would read all of them and join by hash.
    private const string OfLabel = $"""
        {ByKey} FROM (
            SELECT l.job_id FROM job_labels l WHERE (l.kind, l.value, l.job_id) >= ($8, $9, 0::bigint) AND (l.kind, l.value, l.job_id) < ($8, $9, $2)
            ORDER BY l.kind DESC, l.value DESC, l.job_id DESC LIMIT $3) AS k
        CROSS JOIN LATERAL (SELECT * FROM queue_jobs WHERE id = k.job_id OFFSET 0) AS q ORDER BY k.job_id DESC
        """;

    private const string Oldest = $"{ByKey} FROM queue_jobs q WHERE q.id > $2 AND {IsListed} ORDER BY q.id LIMIT $3";

    // In the order of the characters, as SQLite has it.
    private const string ByName = $"""
        {ByKey}, k.value FROM (
            SELECT l.job_id, l.value FROM job_labels l
            WHERE l.kind = 2 /* the name */ AND (l.value COLLATE "C", l.job_id) > ($8::text COLLATE "C", $2)
            ORDER BY l.value COLLATE "C", l.job_id LIMIT $3) AS k
        CROSS JOIN LATERAL (SELECT * FROM queue_jobs WHERE id = k.job_id OFFSET 0) AS q ORDER BY k.value COLLATE "C", k.job_id
        """;

    // In millionths of its tasks.
    private const string Running = $"""
        {Head} (q.completed + q.failed + q.cancelled)::bigint * 1000000 / GREATEST(q.total, 1) + 0 * $1::bigint {Columns} FROM (
            SELECT newest.id FROM (
                SELECT service, (kind - 1)::smallint AS single FROM totals
                WHERE kind IN (1, 2) AND ($8::text IS NULL OR service = $8) AND state = 1 /* Running */
                GROUP BY service, kind HAVING SUM(count) > 0) AS g
            CROSS JOIN LATERAL (
                SELECT q.id FROM queue_jobs q
                WHERE (q.service, q.single_task, q.state, q.id) >= (g.service, g.single, 1::smallint, 0::bigint)
                    AND (q.service, q.single_task, q.state, q.id) < (g.service, g.single, 1::smallint, $2) AND {IsListed}
                ORDER BY q.service DESC, q.single_task DESC, q.state DESC, q.id DESC LIMIT $3) AS newest) AS k
        CROSS JOIN LATERAL (SELECT * FROM queue_jobs WHERE id = k.id OFFSET 0) AS q WHERE {IsListed}
        """;

    private const string OfFingerprint = $"""
        {ByKey} FROM (
            SELECT f.job_id FROM job_failures f WHERE f.fingerprint = $5 AND f.job_id < $2 ORDER BY f.job_id DESC LIMIT $3) AS k
        CROSS JOIN LATERAL (SELECT * FROM queue_jobs WHERE id = k.job_id OFFSET 0) AS q ORDER BY k.job_id DESC
        """;

    private const string OfErrorKind = $"""
        {ByKey} FROM (
            SELECT e.job_id FROM job_errors e WHERE e.kind = $6 AND e.job_id < $2 ORDER BY e.job_id DESC LIMIT $3) AS k
        CROSS JOIN LATERAL (SELECT * FROM queue_jobs WHERE id = k.job_id OFFSET 0) AS q ORDER BY k.job_id DESC
        """;

    private const string MostFailed = $"""
        {Head} q.failed::bigint {Columns} FROM queue_jobs q
        WHERE (q.failed, q.id) < ($1, $2) AND q.failed > 0 AND {IsListed} ORDER BY q.failed DESC, q.id DESC LIMIT $3
        """;

    private const string MostUrgent = $"""
        {Head} q.priority::bigint {Columns} FROM queue_jobs q
        WHERE (q.priority, q.id) < ($1, $2) AND q.state IN (0, 1) /* Pending, Running */ ORDER BY q.priority DESC, q.id DESC LIMIT $3
        """;

    private static readonly short[] AllStates = [0, 1, 2, 3, 4, 5];

    public static async Task<JobQueryPage> ReadAsync(PostgresSession session, JobQuery query, CancellationToken cancellationToken)
    {
        var listing = new JobListing(query);
        var driver = JobDrivers.Of(query);
        var isComplete = true;
        if (driver == JobDriver.Groups)
        {
            var states = query.States.Count > 0 ? [.. query.States.Select(state => (short)state)] : AllStates;
            var share = JobGroups.Share(await CountGroupsAsync(session, query.Service, states, cancellationToken));
            await using var batch = session.Batch();
            Add(batch, OfGroups, query, share, Text(query.Service), Value(states));
            (var merged, isComplete) = JobGroups.Merge(await PostgresRows.ListAsync(batch, ReadRow, cancellationToken), share);
            foreach (var job in merged) listing.Examine(job);
        }
        else if (driver == JobDriver.Furthest)
        {
            var share = JobGroups.Share(await CountGroupsAsync(session, query.Service, [(short)JobState.Running], cancellationToken));
            await using var batch = session.Batch();
            Add(batch, Running, query with { After = null }, share, Text(query.Service));
            var running = await PostgresRows.ListAsync(batch, ReadRow, cancellationToken);
            (var sorted, isComplete) = JobGroups.Sort(running, share, query.After);
            foreach (var job in sorted) listing.Examine(job);
            return listing.Page(
                await PostgresRead.FindJobsAsync(session, listing.Keys, cancellationToken), isComplete, isLast: true);
        }
        else
        {
            await using var batch = session.Batch();
            AddRows(batch, query, driver);
            await using var rows = await batch.ReadAsync(cancellationToken);
            var count = 0;
            // A label or a failure may be of a job that is being removed; it counts as one that was looked at.
            for (; await rows.ReadAsync(cancellationToken); count++)
            {
                if (rows.GetInt16(5) == (int)JobState.Staging) continue;
                var job = ReadRow(rows);
                listing.Examine(driver == JobDriver.Name ? job with { Text = rows.GetString(16) } : job);
            }

            isComplete = count < JobListing.MaxExamined;
        }

        return listing.Page(await PostgresRead.FindJobsAsync(session, listing.Keys, cancellationToken), isComplete);
    }

    private static async Task<int> CountGroupsAsync(PostgresSession session, string? service, short[] states,
        CancellationToken cancellationToken)
    {
        await using var batch = session.Batch().Add(CountGroups, Text(service), Value(states));
        await using var rows = await batch.ReadAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        return (int)rows.GetInt64(0);
    }

    private static void AddRows(PostgresBatch batch, JobQuery query, JobDriver driver)
    {
        const int Most = JobListing.MaxExamined;
        switch (driver)
        {
            case JobDriver.MostFailed: Add(batch, MostFailed, query, Most); break;
            case JobDriver.MostUrgent: Add(batch, MostUrgent, query, Most); break;
            case JobDriver.Oldest: Add(batch, Oldest, query, Most); break;
            case JobDriver.Name: Add(batch, ByName, query, Most, Text(query.After?.Text ?? "")); break;
            case JobDriver.Named: Add(batch, OfNames, query, Most, Value(query.OnlyIds!.ToArray())); break;
            case JobDriver.Ids: Add(batch, OfIds, query, Most, Value(query.Ids!.Value.First), Value(query.Ids.Value.Last)); break;
            case JobDriver.Session: Add(batch, OfSession, query, Most, Text(query.SessionId)); break;
            case JobDriver.User: Add(batch, OfUser, query, Most, Text(query.UserId)); break;
            case JobDriver.Fingerprint: Add(batch, OfFingerprint, query, Most); break;
            case JobDriver.Label when query.Tag is { } tag: Add(batch, OfLabel, query, Most, Value((short)JobLabels.Tag), Text(tag)); break;
            case JobDriver.Label: Add(batch, OfLabel, query, Most, Value((short)JobLabels.Owner), Text(query.Owner)); break;
            case JobDriver.ErrorKind: Add(batch, OfErrorKind, query, Most); break;
            case JobDriver.Created:
                Add(batch, Created, query, Most, Value(query.CreatedAfter?.ToUnixTimeMilliseconds() ?? long.MinValue));
                break;
            default: Add(batch, All, query, Most); break;
        }
    }

    private static void Add(PostgresBatch batch, string sql, JobQuery query, int limit, params ReadOnlySpan<NpgsqlParameter> more) =>
        batch.Add(
            sql,
        [
            Value(query.After?.Rank ?? query.CreatedBefore?.ToUnixTimeMilliseconds() ?? long.MaxValue),
            Value(query.After?.Key ?? JobDrivers.FirstKey(query)),
            Value(limit), Text(query.Tag), OrNull(query.Fingerprint), OrNull((int?)query.ErrorKind), Value(query.ErrorPart is not null),
            .. more,
        ]);

    private static JobCandidate ReadRow(NpgsqlDataReader row) => new(
        row.GetInt64(1), row.GetInt64(0), row.GetGuid(2), row.GetString(3), row.GetInt16(4) != 0, (JobState)row.GetInt16(5),
        row.GetString(6), row.GetString(7), PostgresRows.TextOrNull(row, 8), row.GetInt16(9) != 0, row.GetInt64(10),
        PostgresRows.TextOrNull(row, 11), PostgresRows.TextOrNull(row, 12), row.GetBoolean(13), PostgresRows.TextOrNull(row, 14),
        row.GetInt32(15));
}
