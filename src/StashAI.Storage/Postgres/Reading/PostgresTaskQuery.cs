using StashAI.Queue.Model.Figures;
using StashAI.Queue.Model.Tasks;
using StashAI.Storage.Jobs;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Reading;

/// <summary>Pages of tasks by any filter, as <see cref="TaskListing"/> makes them.</summary>
internal static class PostgresTaskQuery
{
    private const string OfJob = $"""
        {PostgresRead.TaskColumns}, NULL::bytea FROM queue_tasks t JOIN queue_jobs j ON j.id = $1
        WHERE t.id > $2 AND t.id < $3 AND j.state <> 6 /* Staging */
            AND (CASE WHEN t.state = 0 /* Available */ AND j.waiting = 1 THEN 1 ELSE t.state END)::smallint = ANY ($4::smallint[])
            AND ($5::bigint IS NULL OR t.fingerprint = $5) AND t.attempt >= $6
        ORDER BY t.id LIMIT $7
        """;

    private const string IsCandidate = """
        j.state <> 6 /* Staging */ AND ($1::text IS NULL OR j.service = $1)
            AND ((0 = ANY ($3::smallint[]) AND j.available > 0) OR (1 = ANY ($3::smallint[]) AND j.scheduled > 0)
                OR (2 = ANY ($3::smallint[]) AND j.running > 0) OR (3 = ANY ($3::smallint[]) AND j.completed > 0)
                OR (4 = ANY ($3::smallint[]) AND j.failed > 0) OR (5 = ANY ($3::smallint[]) AND j.cancelled > 0))
        """;

    private const string Floor = $"""
        SELECT j.id, j.total FROM queue_jobs j WHERE j.id <= $2::bigint >> 24 AND {IsCandidate} ORDER BY j.id DESC LIMIT $4
        """;

    private const string FloorOfGroup = $"""
        SELECT j.id, j.total FROM job_failures f JOIN queue_jobs j ON j.id = f.job_id
        WHERE f.fingerprint = $5 AND f.job_id <= $2::bigint >> 24 AND {IsCandidate} ORDER BY f.job_id DESC LIMIT $4
        """;

    private const string Wanted = """
        id >= j.id << 24 AND id < (j.id + 1) << 24 AND id < $2 AND id >= $4
            AND (CASE WHEN state = 0 /* Available */ AND j.waiting = 1 THEN 1 ELSE state END)::smallint = ANY ($3::smallint[]) AND attempt >= $5
        """;

    private const string OfAll = $"""
        {PostgresRead.TaskColumns}, NULL::bytea FROM queue_jobs j CROSS JOIN LATERAL (
            SELECT * FROM queue_tasks WHERE {Wanted} ORDER BY id DESC LIMIT $6) AS t
        WHERE j.id <= $2::bigint >> 24 AND j.id >= $4::bigint >> 24 AND {IsCandidate} ORDER BY j.id DESC, t.id DESC LIMIT $6
        """;

    private const string OfGroup = $"""
        {PostgresRead.TaskColumns}, NULL::bytea FROM job_failures f JOIN queue_jobs j ON j.id = f.job_id CROSS JOIN LATERAL (
            SELECT * FROM queue_tasks WHERE {Wanted} AND fingerprint = $7 ORDER BY id DESC LIMIT $6) AS t
        WHERE f.fingerprint = $7 AND f.job_id <= $2::bigint >> 24 AND f.job_id >= $4::bigint >> 24 AND {IsCandidate}
        ORDER BY f.job_id DESC, t.id DESC LIMIT $6
        """;

    public static Task<TaskListing> ReadAsync(PostgresSession session, TaskQuery query, CancellationToken cancellationToken)
    {
        var listing = new TaskListing(query);
        var states = Enum.GetValues<TaskState>().Where(query.Wants).Select(state => (short)state).ToArray();
        return query.JobKey is { } job
            ? ReadJobAsync(session, query, listing, states, job, cancellationToken)
            : ReadAllAsync(session, query, listing, states, cancellationToken);
    }

    private static async Task<TaskListing> ReadJobAsync(
        PostgresSession session, TaskQuery query, TaskListing listing, short[] states, long jobKey, CancellationToken cancellationToken)
    {
        var jobs = await PostgresRead.FindJobsAsync(session, [jobKey], cancellationToken);
        if (jobs is not [var job]) return listing.End(0, null);
        var after = query.After ?? TaskKey.From(jobKey, 0) - 1;
        var end = Math.Min(after + 1 + listing.Window, TaskKey.From(jobKey, 0) + job.Counters.Total);
        await using (var batch = session.Batch())
        {
            batch.Add(
                OfJob, Value(jobKey), Value(after), Value(end), Value(states), OrNull(query.Fingerprint), Value(query.LeastAttempts),
                Value(listing.Rows));
            await ExamineAsync(batch, listing, cancellationToken);
        }

        var c = job.Counters;
        return listing.End(
            TaskListing.CountOf(query, new QueueTotals(c.Available, c.Scheduled, c.Running, c.Completed, c.Failed, c.Cancelled)),
            end < TaskKey.From(jobKey, 0) + c.Total ? end - 1 : null);
    }

    private static async Task<TaskListing> ReadAllAsync(
        PostgresSession session, TaskQuery query, TaskListing listing, short[] states, CancellationToken cancellationToken)
    {
        var counts = (await PostgresMeasure.TasksByServiceAsync(session, cancellationToken))
            .Where(one => query.Service is null || one.Service == query.Service).Select(one => one.Tasks).ToList();
        var isKnown = counts.TrueForAll(tasks => TaskListing.CountOf(query, tasks) is not null);
        // Without one such task all jobs would be looked at in vain.
        var counted = query with { Fingerprint = null, LeastAttempts = 0, Text = null };
        var floor = new TaskFloor(query);
        if (counts.Sum(tasks => TaskListing.CountOf(counted, tasks)) > 0)
        {
            var after = query.After ?? long.MaxValue;
            if (floor.IsNeeded) await LowerAsync(session, query, floor, states, after, cancellationToken);
            await using var batch = session.Batch();
            if (query.Fingerprint is { } fingerprint)
            {
                batch.Add(
                    OfGroup, Text(query.Service), Value(after), Value(states), Value(floor.Key), Value(query.LeastAttempts),
                    Value(listing.Rows), Value(fingerprint));
            }
            else
            {
                batch.Add(
                    OfAll, Text(query.Service), Value(after), Value(states), Value(floor.Key), Value(query.LeastAttempts),
                    Value(listing.Rows));
            }

            await ExamineAsync(batch, listing, cancellationToken);
        }

        return listing.End(
            isKnown ? counts.Sum(tasks => TaskListing.CountOf(query, tasks)) : null, floor.Key > 0 ? floor.Key : null);
    }

    private static async Task LowerAsync(
        PostgresSession session, TaskQuery query, TaskFloor floor, short[] states, long after, CancellationToken cancellationToken)
    {
        await using var batch = session.Batch();
        if (query.Fingerprint is { } fingerprint)
        {
            batch.Add(FloorOfGroup, Text(query.Service), Value(after), Value(states), Value(TaskFloor.MaxJobs), Value(fingerprint));
        }
        else
        {
            batch.Add(Floor, Text(query.Service), Value(after), Value(states), Value(TaskFloor.MaxJobs));
        }

        await using var rows = await batch.ReadAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken) && floor.TryAdd(rows.GetInt64(0), rows.GetInt32(1)))
        {
            // Until the read has enough to look at.
        }
    }

    private static async Task ExamineAsync(PostgresBatch batch, TaskListing listing, CancellationToken cancellationToken)
    {
        await using var rows = await batch.ReadAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) listing.Examine(PostgresRead.ReadTask(rows));
    }
}
