using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Policies;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Postgres.Jobs;
using StashAI.Storage.Postgres.Units;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Upkeep;

/// <summary>Finds and removes what is past its retention. It searches without a lock, and checks again under the lock.</summary>
internal sealed class PostgresRetention(PostgresSession session, RetentionPolicy policy)
{
    private const string Services = "SELECT DISTINCT service FROM lanes ORDER BY service";

    private const string Ended = $"""
        SELECT id FROM queue_jobs
        WHERE service = $1 AND state = $2 AND finished_at IS NOT NULL AND finished_at <= {PostgresClock.Trusted} - $3 ORDER BY finished_at LIMIT $4
        """;

    private const string Untrimmed = $"""
        SELECT id, trim_next, total FROM queue_jobs
        WHERE service = $1 AND may_trim AND finished_at <= {PostgresClock.Trusted} - $2 ORDER BY finished_at LIMIT 1
        """;

    private const string Trim = """
        WITH spent AS MATERIALIZED (
            SELECT r.task_id, r.ordinal, r.payload_id, p.size
            FROM queue_tasks t JOIN task_payloads r ON r.task_id = t.id JOIN payloads p ON p.id = r.payload_id
            WHERE t.id >= $2 AND t.id < $3 AND t.state = 3 /* Completed */
                AND r.ordinal >= 0 -- JSON inputs stay, also those that are kept with the payloads
                AND EXISTS (SELECT 1 FROM queue_jobs WHERE id = $1 AND trim_next = $5 AND finished_at IS NOT NULL)),
        released AS (
            UPDATE payloads SET refs = refs - s.n FROM (SELECT payload_id, COUNT(*)::int AS n FROM spent GROUP BY 1) AS s
            WHERE payloads.id = s.payload_id),
        removed AS (DELETE FROM task_payloads r USING spent s WHERE r.task_id = s.task_id AND r.ordinal = s.ordinal),
        -- What was computed from an input goes with it.
        derived AS (
            DELETE FROM task_derived WHERE task_id >= $2 AND task_id < $3
                AND EXISTS (SELECT 1 FROM queue_jobs WHERE id = $1 AND trim_next = $5 AND finished_at IS NOT NULL))
        UPDATE queue_jobs SET trim_next = $4, payload_bytes = payload_bytes - COALESCE((SELECT SUM(size) FROM spent), 0)::bigint,
            trimmed = CASE WHEN EXISTS (SELECT 1 FROM spent) THEN 1 ELSE trimmed END
        WHERE id = $1 AND trim_next = $5 AND finished_at IS NOT NULL
        """;

    // Jobs that ended while the clock was ahead would be kept too long: their retention counts from now.
    private const string FutureEnds = $"""
        SELECT id FROM queue_jobs WHERE service = $1 AND state = $2 AND finished_at IS NOT NULL AND finished_at > stashai_now() + 60000
            AND EXISTS ({PostgresClock.IsCertain}) LIMIT $3
        """;

    private const string EndNow = "UPDATE queue_jobs SET finished_at = stashai_now() WHERE id = ANY ($1) AND "
        + "finished_at > stashai_now() + 60000";

    private static readonly JobState[] EndStates = [JobState.Completed, JobState.Partial, JobState.Failed, JobState.Cancelled];

    /// <summary>Hides jobs, and removes inputs and keys; 0 when there was nothing to do.</summary>
    public async Task<int> RunAsync(int limit, CancellationToken cancellationToken)
    {
        var count = await HasExpiredKeyAsync(cancellationToken) ? await PostgresIdempotency.RemoveExpiredAsync(session, limit) : 0;
        foreach (var service in await FindServicesAsync(cancellationToken))
        {
            var ended = await FindEndedAsync(service, limit, cancellationToken);
            if (ended.Length > 0) count += await PostgresRemoval.HideAsync(session, ended);
            count += await EndFutureAsync(service, limit, cancellationToken);
            if (await FindUntrimmedAsync(service, cancellationToken) is { } found) count += await TrimAsync(found, limit);
        }

        return count;
    }

    private async Task<bool> HasExpiredKeyAsync(CancellationToken cancellationToken)
    {
        await using var batch = session.Batch().Add(PostgresIdempotency.ExpiredKey);
        await using var rows = await batch.ReadAsync(cancellationToken);
        return await rows.ReadAsync(cancellationToken);
    }

    private async Task<List<string>> FindServicesAsync(CancellationToken cancellationToken)
    {
        var services = new List<string>();
        await using var batch = session.Batch().Add(Services);
        await using var rows = await batch.ReadAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken)) services.Add(rows.GetString(0));
        return services;
    }

    private async Task<long[]> FindEndedAsync(string service, int limit, CancellationToken cancellationToken)
    {
        var jobs = new List<long>();
        await using var batch = session.Batch();
        var isAsked = false;
        foreach (var state in EndStates)
        {
            if (policy.For(service).Keep(state) is not { } keep) continue;
            batch.Add(Ended, Text(service), Value((short)state), Value((long)keep.TotalMilliseconds), Value(limit));
            isAsked = true;
        }

        if (!isAsked) return [];
        await using var rows = await batch.ReadAsync(cancellationToken);
        do
        {
            while (await rows.ReadAsync(cancellationToken)) jobs.Add(rows.GetInt64(0));
        }
        while (await rows.NextResultAsync(cancellationToken));
        return [.. jobs.Take(limit)];
    }

    private async Task<int> EndFutureAsync(string service, int limit, CancellationToken cancellationToken)
    {
        var jobs = new List<long>();
        await using (var look = session.Batch())
        {
            foreach (var state in EndStates) look.Add(FutureEnds, Text(service), Value((short)state), Value(limit));
            await using var rows = await look.ReadAsync(cancellationToken);
            do
            {
                while (await rows.ReadAsync(cancellationToken)) jobs.Add(rows.GetInt64(0));
            }
            while (await rows.NextResultAsync(cancellationToken));
        }

        if (jobs.Count == 0) return 0;
        long[] keys = [.. jobs.Order()];
        await using var batch = session.Batch().Add(PostgresUnit.LockJobs, Value(keys)).Add(EndNow, Value(keys));
        await batch.RunAsync(CancellationToken.None);
        return keys.Length;
    }

    private async Task<(long Job, int Next, int Total)?> FindUntrimmedAsync(string service, CancellationToken cancellationToken)
    {
        if (policy.For(service).Inputs is not { } keep) return null;
        await using var batch = session.Batch().Add(Untrimmed, Text(service), Value((long)keep.TotalMilliseconds));
        await using var rows = await batch.ReadAsync(cancellationToken);
        return await rows.ReadAsync(cancellationToken) ? (rows.GetInt64(0), rows.GetInt32(1), rows.GetInt32(2)) : null;
    }

    private async Task<int> TrimAsync((long Job, int Next, int Total) job, int limit)
    {
        var end = (int)Math.Min((long)job.Next + limit, job.Total);
        await using var batch = session.Batch()
            .Add(PostgresUnit.LockJobs, Value<long[]>([job.Job]))
            .Add(
                Trim, Value(job.Job), Value(TaskKey.From(job.Job, job.Next)), Value(TaskKey.From(job.Job, end)), Value(end),
                Value(job.Next));
        await batch.RunAsync(CancellationToken.None);
        return end - job.Next;
    }
}
