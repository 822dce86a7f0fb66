using Npgsql;
using StashAI.Queue.Model.Files;
using StashAI.Queue.Store;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Records;

/// <summary>Batches of other APIs: one row each.</summary>
internal sealed class PostgresFileBatches(PostgresDatabase database) : IFileBatches
{
    private const string Columns =
        "id, public_id, owner, file_id, request, state, model, errors, job_id, created_at, checked_at, cancelled_at, dialect";

    private const string ById = $"SELECT {Columns} FROM file_batches WHERE public_id = $1";

    private const string ByJob = $"SELECT {Columns} FROM file_batches WHERE job_id = $1";

    private const string ByKey = $"SELECT {Columns} FROM file_batches WHERE batch_key = $2 OR public_id = $1";

    private const string Insert = """
        INSERT INTO file_batches (public_id, owner, batch_key, file_id, request, created_at) VALUES ($1, $2, $3, $4, $5, stashai_now())
        ON CONFLICT DO NOTHING
        """;

    private const string InsertOfJob = """
        INSERT INTO file_batches (public_id, owner, file_id, request, state, job_id, created_at, dialect)
        SELECT public_id, owner, $2, $3, 2 /* Submitted */, id, created_at, $4::smallint FROM queue_jobs WHERE id = $1
        """;

    private const string PlaceOf = "SELECT id FROM file_batches WHERE public_id = $1 AND dialect = $2::smallint";

    private const string Newest = $"""
        SELECT {Columns} FROM file_batches WHERE dialect = $1::smallint AND id < $2 ORDER BY id DESC LIMIT $3
        """;

    private const string Oldest = $"SELECT {Columns} FROM file_batches WHERE dialect = $1::smallint AND id > $2 ORDER BY id LIMIT $3";

    private const string Take = $"""
        UPDATE file_batches SET worker = $1, worker_until = stashai_now() + $2
        WHERE id = (
            SELECT id FROM file_batches WHERE state < 2 /* to be checked */ AND worker_until <= stashai_now()
            ORDER BY worker_until, id LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING {Columns}
        """;

    private const string Renew = """
        UPDATE file_batches SET worker_until = stashai_now() + $3 WHERE id = $1 AND worker = $2 AND state < 2 /* to be checked */ RETURNING id
        """;

    // A job may be removed before its batch is known to be that job; a removal that is under way is waited for.
    private const string Settle = """
        WITH job AS (SELECT id FROM queue_jobs WHERE id = $7 FOR KEY SHARE),
        removed AS (
            DELETE FROM file_batches WHERE id = $1 AND worker = $2 AND state = $3::smallint
                AND $7::bigint IS NOT NULL AND NOT EXISTS (SELECT FROM job) RETURNING id),
        settled AS (
            UPDATE file_batches SET state = $4::smallint, model = $5, errors = $6, job_id = $7, checked_at = stashai_now()
            WHERE id = $1 AND worker = $2 AND state = $3::smallint AND ($7::bigint IS NULL OR EXISTS (SELECT FROM job)) RETURNING id)
        SELECT id FROM removed UNION ALL SELECT id FROM settled
        """;

    private const string Cancel = $"""
        UPDATE file_batches SET cancelled_at = COALESCE(cancelled_at, stashai_now()),
            state = CASE WHEN state = 0 /* Checking */ THEN 1 /* Cancelling */ ELSE state END
        WHERE public_id = $1 RETURNING {Columns}
        """;

    private const string SaveLines = "UPDATE file_batches SET line_order = $2 WHERE public_id = $1";

    private const string ReadLines = "SELECT line_order FROM file_batches WHERE public_id = $1";

    private const string JobOf = "SELECT id FROM queue_jobs WHERE idempotency_key = $1 AND state <> 6 /* Staging */";

    private const string RemoveOld = $"""
        DELETE FROM file_batches WHERE id IN (
            SELECT id FROM file_batches WHERE state > 2 /* without a job */ AND created_at < {PostgresClock.Trusted} - $1
            ORDER BY created_at LIMIT $2)
        RETURNING id
        """;

    public async Task<FileBatch> AddBatchAsync(NewFileBatch batch, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var statements = session.Batch()
            .Add(
                Insert, Value(batch.Id), Text(batch.Owner), Text(batch.IdempotencyKey), Value(batch.FileId), Text(batch.Request))
            .Add(ByKey, Value(batch.Id), Text(batch.IdempotencyKey));
        return (await PostgresRows.ListAsync(statements, Read, CancellationToken.None))[0];
    }

    public async Task<FileBatch?> FindBatchAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(ById, Value(id));
        return (await PostgresRows.ListAsync(batch, Read, cancellationToken)).FirstOrDefault();
    }

    public async Task<FileBatch?> FindBatchOfKeyAsync(string idempotencyKey, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(ByKey, Value(Guid.Empty), Text(idempotencyKey));
        return (await PostgresRows.ListAsync(batch, Read, cancellationToken)).FirstOrDefault();
    }

    public async Task<FileBatch?> FindBatchOfJobAsync(long jobKey, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(ByJob, Value(jobKey));
        return (await PostgresRows.ListAsync(batch, Read, cancellationToken)).FirstOrDefault();
    }

    public async Task<IReadOnlyList<FileBatch>?> ListBatchesAsync(FileBatchQuery query, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var place = long.MaxValue;
        if ((query.Before ?? query.After) is { } id)
        {
            await using var find = session.Batch().Add(PlaceOf, Value(id), Value((short)query.Dialect));
            if (await PostgresRows.ListAsync(find, row => row.GetInt64(0), cancellationToken) is not [var known]) return null;
            place = known;
        }

        await using var batch = session.Batch().Add(
            query.Before is null ? Newest : Oldest, Value((short)query.Dialect), Value(place), Value((long)query.Limit));
        var found = await PostgresRows.ListAsync(batch, Read, cancellationToken);
        if (query.Before is not null) found.Reverse();
        return found;
    }

    /// <summary>Adds the batch that a job is, in the transaction that makes the job visible.</summary>
    public static void AddOfJob(PostgresBatch statements, long jobKey, JobBatch batch) =>
        statements.Add(InsertOfJob, Value(jobKey), Value(Guid.Empty), Text(batch.Request), Value((short)batch.Dialect));

    public async Task<FileBatch?> TakeBatchAsync(Guid worker, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Take, Value(worker), Value((long)lease.TotalMilliseconds));
        return (await PostgresRows.ListAsync(batch, Read, CancellationToken.None)).FirstOrDefault();
    }

    public async Task<bool> RenewBatchAsync(long key, Guid worker, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Renew, Value(key), Value(worker), Value((long)lease.TotalMilliseconds));
        return await IsChangedAsync(batch);
    }

    public async Task<bool> SettleBatchAsync(FileBatch settled, FileBatchState before, Guid worker, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(
            Settle, Value(settled.Key), Value(worker), Value((short)before), Value((short)settled.State), Text(settled.Model),
            Text(settled.Errors), OrNull(settled.JobKey));
        return await IsChangedAsync(batch);
    }

    public async Task SaveLineOrderAsync(Guid id, ReadOnlyMemory<byte> places, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(SaveLines, Value(id), Value(places));
        await batch.RunAsync(CancellationToken.None);
    }

    public async Task<ReadOnlyMemory<byte>> ReadLineOrderAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(ReadLines, Value(id));
        var found = await PostgresRows.ListAsync(batch, row => row.IsDBNull(0) ? [] : row.GetFieldValue<byte[]>(0), cancellationToken);
        return found is [var places] ? places : default(ReadOnlyMemory<byte>);
    }

    public async Task<FileBatch?> CancelBatchAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Cancel, Value(id));
        return (await PostgresRows.ListAsync(batch, Read, CancellationToken.None)).FirstOrDefault();
    }

    public async Task<long?> FindJobAsync(string idempotencyKey, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(JobOf, Text(idempotencyKey));
        return await PostgresRows.ListAsync(batch, row => row.GetInt64(0), cancellationToken) is [var key] ? key : null;
    }

    public async Task<int> RemoveOldBatchesAsync(TimeSpan keep, int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(RemoveOld, Value((long)keep.TotalMilliseconds), Value((long)limit));
        return (await PostgresRows.ListAsync(batch, row => row.GetInt64(0), CancellationToken.None)).Count;
    }

    private static async Task<bool> IsChangedAsync(PostgresBatch batch) =>
        (await PostgresRows.ListAsync(batch, row => row.GetInt64(0), CancellationToken.None)).Count > 0;

    private static FileBatch Read(NpgsqlDataReader row) => new()
    {
        Key = row.GetInt64(0),
        Id = row.GetGuid(1),
        Owner = PostgresRows.TextOrNull(row, 2),
        FileId = row.GetGuid(3),
        Request = row.GetString(4),
        State = (FileBatchState)row.GetInt16(5),
        Model = PostgresRows.TextOrNull(row, 6),
        Errors = PostgresRows.TextOrNull(row, 7),
        JobKey = row.IsDBNull(8) ? null : row.GetInt64(8),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9)),
        CheckedAt = PostgresRows.Time(row, 10),
        CancelledAt = PostgresRows.Time(row, 11),
        Dialect = (BatchDialect)row.GetInt16(12),
    };
}
