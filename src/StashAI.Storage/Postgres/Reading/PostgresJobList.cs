using Npgsql;
using StashAI.Queue.Model.Jobs;
using StashAI.Storage.Jobs;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Reading;

/// <summary>
/// Pages of jobs by service and state, whose counters know how many there are; others are for <see cref="PostgresJobQuery"/>.
/// </summary>
internal static class PostgresJobList
{
    private static readonly short[] AllStates = [0, 1, 2, 3, 4, 5];

    private const string ListAll = $"{PostgresRead.JobColumns} FROM queue_jobs j WHERE j.state <> 6 /* Staging */ AND j.id < $3 "
        + "ORDER BY j.id DESC LIMIT $1 OFFSET $2";

    private const string ListBatches = $"""
        {PostgresRead.JobColumns} FROM queue_jobs j WHERE j.single_task = 0 AND j.state <> 6 /* Staging */ AND j.id < $3 ORDER BY j.id DESC LIMIT $1 OFFSET $2
        """;

    // Merges the newest jobs of each group, which include the page of all. A group compares and orders by all columns, so that only the
    // index over them can answer it: a few failed jobs among a million must be found without scanning the rest.
    private const string ListGroups = $"""
        {PostgresRead.JobColumns} FROM (
            SELECT newest.id FROM (
                SELECT service, (kind - 1)::smallint AS single, state FROM totals
                WHERE kind IN (1, 2) AND ($4::text IS NULL OR service = $4) AND state = ANY ($5) AND (kind = 1 OR NOT $6)
                GROUP BY service, kind, state HAVING SUM(count) > 0) AS g
            CROSS JOIN LATERAL (
                SELECT q.id FROM queue_jobs q
                WHERE (q.service, q.single_task, q.state, q.id) >= (g.service, g.single, g.state, 0::bigint)
                    AND (q.service, q.single_task, q.state, q.id) < (g.service, g.single, g.state, $7)
                        AND q.state <> 6 /* Staging */
                ORDER BY q.service DESC, q.single_task DESC, q.state DESC, q.id DESC LIMIT $3) AS newest
            ORDER BY newest.id DESC LIMIT $1 OFFSET $2) AS k
        JOIN queue_jobs j ON j.id = k.id WHERE j.state <> 6 /* Staging */ ORDER BY j.id DESC
        """;

    // kind: 1 = jobs of batches, 2 = jobs of one task
    private const string JobTotals = """
        SELECT service, state, SUM(count)::bigint FROM totals WHERE kind IN (1, 2) AND (kind = 1 OR NOT $1) GROUP BY service, state
        """;

    public static async Task<JobPage> ReadAsync(PostgresSession session, JobFilter filter, CancellationToken cancellationToken)
    {
        if (filter.AsQuery() is { } query)
        {
            var page = await PostgresJobQuery.ReadAsync(session, query, cancellationToken);
            return JobListing.PageOf(
                page, query.After is null ? page : await PostgresJobQuery.ReadAsync(session, query.Counting(), cancellationToken));
        }

        var before = Value(filter.Before ?? long.MaxValue);
        await using var batch = session.Batch();
        if (filter is { States.Count: 0, Service: null })
        {
            batch.Add(filter.OnlyBatches ? ListBatches : ListAll, Value(filter.Limit + 1), Value(filter.Offset), before);
        }
        else
        {
            short[] states = [.. filter.States.Select(state => (short)state)];
            batch.Add(
                ListGroups, Value(filter.Limit + 1), Value(filter.Offset), Value((long)filter.Limit + filter.Offset + 1),
                Text(filter.Service), Value(states.Length > 0 ? states : AllStates), Value(filter.OnlyBatches), before);
        }

        batch.Add(JobTotals, Value(filter.OnlyBatches));
        var jobs = new List<JobView>();
        await using var rows = await batch.ReadAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) jobs.Add(PostgresRead.ReadJob(rows));
        await rows.NextResultAsync(cancellationToken);
        var hasMore = jobs.Count > filter.Limit;
        if (hasMore) jobs.RemoveRange(filter.Limit, jobs.Count - filter.Limit);
        return new JobPage(jobs, await CountJobsAsync(rows, filter, cancellationToken), hasMore && jobs.Count > 0 ? jobs[^1].Key : null);
    }

    public static async Task<JobQueryPage> QueryAsync(PostgresSession session, JobQuery query, CancellationToken cancellationToken)
    {
        if (!query.IsCounted) return await PostgresJobQuery.ReadAsync(session, query, cancellationToken);
        var filter = new JobFilter(query.States, query.Service, query.Limit, 0) { Before = query.After?.Key };
        var page = await ReadAsync(session, filter, cancellationToken);
        JobPlace? next = page.Next is { } key ? new JobPlace(0, key, page.TotalCount, true) : null;
        return new JobQueryPage(page.Jobs, page.TotalCount, true, next);
    }

    private static async Task<long> CountJobsAsync(NpgsqlDataReader rows, JobFilter filter, CancellationToken cancellationToken)
    {
        var count = 0L;
        while (await rows.ReadAsync(cancellationToken))
        {
            var isWanted = (filter.Service is null || rows.GetString(0) == filter.Service)
                && (filter.States.Count == 0 || filter.States.Contains((JobState)rows.GetInt16(1)));
            if (isWanted) count += rows.GetInt64(2);
        }

        return count;
    }
}
