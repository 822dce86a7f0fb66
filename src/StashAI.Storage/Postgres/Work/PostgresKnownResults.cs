using System.Buffers.Binary;
using Npgsql;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Store;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Work;

/// <summary>
/// Results by what they depend on, who computes them, and who waits for them. Flights are locked after jobs and tasks, and waiters after
/// flights (S13).
/// </summary>
internal sealed class PostgresKnownResults(PostgresDatabase database) : IKnownResults
{
    private const string Digests = """
        SELECT t.slot, t.data_url_prefix, p.sha256 FROM task_payloads t JOIN payloads p ON p.id = t.payload_id
        WHERE t.task_id = $1 AND t.ordinal >= 0 ORDER BY t.ordinal
        """;

    // A result counts while its task is stored as it was recorded: not hidden, erased or judged again since.
    private const string Valid = """
        FROM known_results k JOIN queue_tasks t ON t.id = k.task_id AND t.version = k.version AND t.state = 3 /* Completed */
            JOIN queue_jobs j ON j.id = k.task_id >> 24 AND j.state <> 6 /* Staging */
            JOIN task_results r ON r.task_id = k.task_id LEFT JOIN task_derived d ON d.task_id = k.task_id
        WHERE k.key = $1 AND k.task_id >= $2::bigint << 24
            AND NOT ($3::boolean AND EXISTS (SELECT 1 FROM erasures WHERE stage IN (1, 2) /* Jobs, OpenJobs */))
        """;

    private const string Find = $"SELECT r.output, d.data, t.http_status {Valid}";

    // Tasks that ask for the same result ask one after another, so that each sees what the one before has begun.
    private const string Hold = "SELECT COUNT(*) FROM (SELECT pg_advisory_xact_lock($1)) AS held";

    private const string TakeOff = $"""
        INSERT INTO result_flights AS f (key, task_id, fence, names)
        SELECT $1, $4, $5, CASE WHEN $3::boolean THEN 1 ELSE 0 END WHERE NOT EXISTS (SELECT 1 {Valid})
        ON CONFLICT (key) DO UPDATE SET task_id = excluded.task_id, fence = excluded.fence, names = excluded.names
        WHERE f.task_id = excluded.task_id OR NOT EXISTS (
            SELECT 1 FROM queue_tasks t WHERE t.id = f.task_id AND t.fence = f.fence AND t.state = 2 /* Running */)
        RETURNING 1
        """;

    private const string WaitNoMore = """
        DELETE FROM result_waiters WHERE task_id = $2
            AND EXISTS (SELECT 1 FROM result_flights WHERE key = $1 AND task_id = $2 AND fence = $3)
        """;

    // Until this transaction ends, whoever wakes those that wait does not end the flight, or it would pass by the one that is added here.
    private const string Watch =
        "SELECT COUNT(*) FROM (SELECT 1 FROM result_flights WHERE key = $1 AND task_id <> $2 FOR KEY SHARE) AS watched";

    private const string Wait = $"""
        INSERT INTO result_waiters (task_id, key)
        SELECT $4, $1 WHERE NOT EXISTS (SELECT 1 {Valid}) AND EXISTS (SELECT 1 FROM result_flights WHERE key = $1 AND task_id <> $4)
        ON CONFLICT (task_id) DO UPDATE SET key = excluded.key
        RETURNING 1
        """;

    private const string Waited = """
        UPDATE result_flights SET waiting = 1
        WHERE key = $1 AND waiting = 0 AND EXISTS (SELECT 1 FROM result_waiters WHERE task_id = $2 AND key = $1)
        """;

    /// <summary>
    /// Remembers results of tasks that have just been completed, in the order of their keys. $1: keys; $2: tasks; $3: fences; $4: the node.
    /// </summary>
    public const string Remember = """
        INSERT INTO known_results (key, task_id, version, computed_at)
        SELECT o.key, t.id, t.version, stashai_now() FROM unnest($1::bytea[], $2::bigint[], $3::int[]) AS o (key, id, fence)
            JOIN queue_tasks t ON t.id = o.id AND t.fence = o.fence AND t.node_id = $4 AND t.state = 3 /* Completed */
        ORDER BY o.key
        ON CONFLICT (key) DO UPDATE SET task_id = excluded.task_id, version = excluded.version, computed_at = excluded.computed_at
        """;

    /// <summary>Ends the flights of results that are known now. $1: their keys.</summary>
    public const string Land = """
        DELETE FROM result_flights WHERE waiting = 0 AND key = ANY (ARRAY (
            SELECT key FROM result_flights WHERE key = ANY ($1) ORDER BY key FOR UPDATE))
        """;

    /// <summary>
    /// True for a flight <c>f</c> that is over: a task that was woken to compute the result does so from its next claim on.
    /// </summary>
    public const string IsOver = """
        NOT EXISTS (SELECT 1 FROM queue_tasks t WHERE t.id = f.task_id AND ((t.state = 2 /* Running */ AND t.fence = f.fence)
            OR (t.state = 0 /* Available */ AND t.fence = f.fence - 1)))
        """;

    private const string ForgetOld = $"""
        WITH gone AS (
            DELETE FROM known_results WHERE key = ANY (ARRAY (
                SELECT key FROM known_results WHERE computed_at <= {PostgresClock.Trusted} - $1 ORDER BY computed_at LIMIT $2))
            RETURNING 1)
        SELECT COUNT(*) FROM gone
        """;

    private const string ForgetEnded = $"""
        WITH gone AS (
            DELETE FROM result_flights f WHERE waiting = 0 AND {IsOver} AND key = ANY (ARRAY (
                SELECT f.key FROM result_flights f WHERE f.waiting = 0 AND {IsOver} LIMIT $1 FOR UPDATE SKIP LOCKED))
            RETURNING 1)
        SELECT COUNT(*) FROM gone
        """;

    public async Task<IReadOnlyList<PayloadDigest>> ListDigestsAsync(long taskKey, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Digests, Value(taskKey));
        return await PostgresRows.ListAsync(
            batch, row => new PayloadDigest(row.GetString(0), PostgresRows.TextOrNull(row, 1), row.GetFieldValue<byte[]>(2)),
            cancellationToken);
    }

    public async Task<byte[]?> FindDigestAsync(long payloadKey, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add("SELECT sha256 FROM payloads WHERE id = $1", Value(payloadKey));
        await using var rows = await batch.ReadAsync(cancellationToken);
        return await rows.ReadAsync(cancellationToken) && !rows.IsDBNull(0) ? rows.GetFieldValue<byte[]>(0) : null;
    }

    public async Task<KnownResult?> FindResultAsync(ResultQuery query, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch()
            .Add(Find, Value(query.Key.ToArray()), Value(query.OldestJob), Value(query.MayNameSubjects));
        await using var rows = await batch.ReadAsync(cancellationToken);
        return await ReadAsync(rows);
    }

    public async Task<ResultAnswer> AskAsync(ResultQuery query, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        while (true)
        {
            // Null when the task that computed the result ended between two of the statements.
            if (await TryAskAsync(session, query) is { } answer) return answer;
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    public Task<ChangeSet> WakeWaitersAsync(int limit, CancellationToken cancellationToken) =>
        database.RunAsync(session => PostgresResultWaiters.WakeAsync(session, limit, cancellationToken), cancellationToken);

    public async Task<int> ForgetResultsAsync(TimeSpan? keep, int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(ForgetEnded, Value(limit));
        if (keep is { } period) batch.Add(ForgetOld, Value((long)period.TotalMilliseconds), Value(limit));
        await using var rows = await batch.ReadAsync(CancellationToken.None);
        var count = 0L;
        do
        {
            while (await rows.ReadAsync(CancellationToken.None)) count += rows.GetInt64(0);
        }
        while (await rows.NextResultAsync(CancellationToken.None));
        return (int)count;
    }

    private static async Task<ResultAnswer?> TryAskAsync(PostgresSession session, ResultQuery query)
    {
        var key = query.Key.ToArray();
        await using var batch = session.Batch()
            .Add(Hold, Value(BinaryPrimitives.ReadInt64BigEndian(key)))
            .Add(TakeOff, Value(key), Value(query.OldestJob), Value(query.MayNameSubjects), Value(query.TaskKey), Value(query.Fence))
            // After that: the statement before may have waited for the flight's end, and did not see the result that was stored with it.
            .Add(Find, Value(key), Value(query.OldestJob), Value(query.MayNameSubjects))
            .Add(WaitNoMore, Value(key), Value(query.TaskKey), Value(query.Fence))
            .Add(Watch, Value(key), Value(query.TaskKey))
            .Add(Wait, Value(key), Value(query.OldestJob), Value(query.MayNameSubjects), Value(query.TaskKey))
            .Add(Waited, Value(key), Value(query.TaskKey));
        await using var rows = await batch.ReadAsync(CancellationToken.None);
        await rows.NextResultAsync(CancellationToken.None);
        var computes = await rows.ReadAsync(CancellationToken.None);
        await rows.NextResultAsync(CancellationToken.None);
        var known = await ReadAsync(rows);
        await rows.NextResultAsync(CancellationToken.None);
        await rows.NextResultAsync(CancellationToken.None);
        var waits = await rows.ReadAsync(CancellationToken.None);
        await EndAsync(rows, CancellationToken.None);
        if (known is not null) return new ResultAnswer(known, false);
        return computes || waits ? new ResultAnswer(null, computes) : null;
    }

    private static async Task<KnownResult?> ReadAsync(NpgsqlDataReader rows) => await rows.ReadAsync(CancellationToken.None)
        ? new KnownResult(
            rows.GetFieldValue<byte[]>(0), rows.IsDBNull(1) ? default(ReadOnlyMemory<byte>) : rows.GetFieldValue<byte[]>(1),
            rows.IsDBNull(2) ? null : rows.GetInt32(2))
        : null;
}
