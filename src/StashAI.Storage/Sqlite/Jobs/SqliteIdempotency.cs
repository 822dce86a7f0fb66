using StashAI.Queue.Model.Jobs;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Jobs;

/// <summary>Idempotency keys. All requests with the same key get the first job as their answer (S1), until the key expires.</summary>
internal static class SqliteIdempotency
{
    private const string Find = $"""
        SELECT id, public_id, total, request_hash, idempotency_until > {SqliteClock.Trusted} FROM queue_jobs WHERE idempotency_key = ?1
        """;

    private const string Free =
        "UPDATE queue_jobs SET idempotency_key = NULL, request_hash = NULL, idempotency_until = NULL WHERE idempotency_key = ?1";

    private const string RemoveExpiredKeys = $"""
        UPDATE queue_jobs SET idempotency_key = NULL, request_hash = NULL, idempotency_until = NULL
        WHERE id IN (SELECT id FROM queue_jobs WHERE idempotency_until <= {SqliteClock.Trusted} ORDER BY idempotency_until LIMIT ?1)
        """;

    /// <summary>The earlier job with the same key, or null; a key that has expired is free then.</summary>
    public static EnqueuedJob? FindFirst(SqliteSession session, NewJob job)
    {
        if (job.IdempotencyKey is not { } key) return null;
        if (FindKept(session, key, job.RequestHash.Span) is { } first) return first;
        session.Use(Free).Bind(1, key).Run();
        return null;
    }

    /// <summary>The earlier job with a key that has not expired, or null.</summary>
    public static EnqueuedJob? FindKept(SqliteSession session, string key, ReadOnlySpan<byte> requestHash)
    {
        var row = session.Use(Find).Bind(1, key);
        if (!row.Step()) return null;
        var isKept = row.Int32(4) != 0;
        var first = new EnqueuedJob(row.Int64(0), row.Guid(1), row.Int32(2))
        {
            IsDuplicate = true,
            IsDifferentRequest = !row.Blob(3).AsSpan().SequenceEqual(requestHash),
        };
        row.Reset();
        return isKept ? first : null;
    }

    /// <summary>Removes expired keys; returns how many.</summary>
    public static int RemoveExpired(SqliteSession session, int limit) => session.Use(RemoveExpiredKeys).Bind(1, limit).Run();
}
