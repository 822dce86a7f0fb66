using Npgsql;
using StashAI.Queue.Model.Jobs;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Jobs;

/// <summary>Idempotency keys. All requests with the same key get the first job as their answer (S1), until the key expires.</summary>
internal static class PostgresIdempotency
{
    public const string ExpiredKey = $"SELECT id FROM queue_jobs WHERE idempotency_until <= {PostgresClock.Trusted} LIMIT 1";

    // A concurrent commit with the same key waits for the first one, and then sees its job.
    private const string Hold = "SELECT pg_advisory_xact_lock(1937007988, hashtext($1))";

    private const string Find = $"""
        SELECT id, public_id, total, request_hash FROM queue_jobs WHERE idempotency_key = $1 AND idempotency_until > {PostgresClock.Trusted}
        """;

    private const string Free = $"""
        UPDATE queue_jobs SET idempotency_key = NULL, request_hash = NULL, idempotency_until = NULL
        WHERE idempotency_key = $1 AND idempotency_until <= {PostgresClock.Trusted}
        """;

    private const string RemoveExpiredKeys = $"""
        UPDATE queue_jobs SET idempotency_key = NULL, request_hash = NULL, idempotency_until = NULL
        WHERE id = ANY (ARRAY (
            SELECT id FROM queue_jobs WHERE id = ANY (ARRAY (
                SELECT id FROM queue_jobs WHERE idempotency_until <= {PostgresClock.Trusted} ORDER BY idempotency_until LIMIT $1))
            ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)) AND idempotency_until <= {PostgresClock.Trusted}
        RETURNING id
        """;

    /// <summary>Adds statements that lock the key until the transaction ends, and find an earlier job that has it.</summary>
    public static void AddFind(PostgresBatch batch, string key) => batch.Add(Hold, Text(key)).Add(Find, Text(key));

    /// <summary>Reads the result of <see cref="AddFind"/>; the reader must be before the rows of its first statement.</summary>
    public static async Task<EnqueuedJob?> ReadAsync(NpgsqlDataReader rows, NewJob job)
    {
        await rows.NextResultAsync();
        return await ReadFirstAsync(rows, job.RequestHash);
    }

    /// <summary>The earlier job with a key that has not expired, or null.</summary>
    public static async Task<EnqueuedJob?> FindAsync(
        PostgresSession session, string key, ReadOnlyMemory<byte> requestHash, CancellationToken cancellationToken)
    {
        await using var batch = session.Batch().Add(Find, Text(key));
        await using var rows = await batch.ReadAsync(cancellationToken);
        return await ReadFirstAsync(rows, requestHash);
    }

    private static async Task<EnqueuedJob?> ReadFirstAsync(NpgsqlDataReader rows, ReadOnlyMemory<byte> requestHash)
    {
        if (!await rows.ReadAsync()) return null;
        return new EnqueuedJob(rows.GetInt64(0), rows.GetGuid(1), rows.GetInt32(2))
        {
            IsDuplicate = true,
            IsDifferentRequest = !(rows.IsDBNull(3) ? [] : rows.GetFieldValue<byte[]>(3)).AsSpan().SequenceEqual(requestHash.Span),
        };
    }

    /// <summary>Adds a statement that frees the key if it has expired.</summary>
    public static void AddFree(PostgresBatch batch, string key) => batch.Add(Free, Text(key));

    /// <summary>Removes expired keys; returns how many.</summary>
    public static async Task<int> RemoveExpiredAsync(PostgresSession session, int limit)
    {
        await using var batch = session.Batch().Add(RemoveExpiredKeys, Value(limit));
        await using var rows = await batch.ReadAsync(CancellationToken.None);
        var count = 0;
        while (await rows.ReadAsync()) count++;
        return count;
    }
}
