using Npgsql;
using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;
using StashAI.Storage.Jobs;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Records;

/// <summary>Bulk operations: one row each, with its progress.</summary>
internal sealed class PostgresBulk(PostgresDatabase database) : IBulk
{
    private const string Columns = """
        id, public_id, action, state, priority, created_at, finished_at, last_job, matched, done, failed, cursor_rank, cursor_key, is_read,
        asked_by, filter, query, batch, error, threshold
        """;

    private const string Insert = $"""
        INSERT INTO bulk_operations
            (public_id, action, priority, created_at, last_job, matched, asked_by, filter, query, worker, worker_until, threshold)
        VALUES ($1, $2, $3, stashai_now(), (SELECT COALESCE(MAX(id), 0) FROM queue_jobs), $4, $5, $6, $7, $8,
            COALESCE(stashai_now() + $9::bigint, 0), $10)
        RETURNING {Columns}
        """;

    private const string ById = $"SELECT {Columns} FROM bulk_operations WHERE public_id = $1";

    private const string Newest = $"SELECT {Columns} FROM bulk_operations WHERE id < $1 ORDER BY id DESC LIMIT $2";

    private const string StopOne = "UPDATE bulk_operations SET state = 2 /* Stopped */, finished_at = stashai_now() WHERE public_id = $1 "
        + "AND state = 0 /* Running */ RETURNING id";

    // SKIP LOCKED: what another process takes at this moment is not free.
    private const string Take = $"""
        UPDATE bulk_operations SET worker = $1, worker_until = stashai_now() + $2
        WHERE id = (
            SELECT id FROM bulk_operations
            WHERE state = 0 /* Running */ AND (worker = $1 OR worker_until <= stashai_now()) AND (action = 10 /* Group */) = $3::boolean
            ORDER BY worker_until, id LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING {Columns}
        """;

    private const string Save = """
        UPDATE bulk_operations SET worker_until = stashai_now() + $3, state = $4::smallint, matched = $5, done = $6, failed = $7, cursor_rank = $8,
            cursor_key = $9, is_read = $10, batch = $11, error = $12, finished_at = CASE WHEN $4::smallint <> 0 THEN stashai_now() END
        WHERE id = $1 AND worker = $2 AND state = 0 /* Running */ RETURNING id
        """;

    private const string RemoveOld = $"""
        DELETE FROM bulk_operations WHERE id IN (
            SELECT id FROM bulk_operations WHERE state <> 0 /* Running */ AND finished_at < {PostgresClock.Trusted} - $1 ORDER BY finished_at LIMIT $2)
        RETURNING id
        """;

    public async Task<BulkOperation> AddBulkAsync(NewBulk bulk, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(
            Insert, Value(bulk.Id), Value((short)bulk.Action), OrNull(bulk.Priority), Value(bulk.Matched), Text(bulk.AskedBy),
            Text(bulk.Filter), Text(BulkText.Of(bulk.Query)), OrNull(bulk.Taken?.Worker),
            OrNull((long?)bulk.Taken?.Lease.TotalMilliseconds), OrNull(bulk.Threshold));
        return (await PostgresRows.ListAsync(batch, Read, CancellationToken.None))[0];
    }

    public async Task<BulkOperation?> FindBulkAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(ById, Value(id));
        return (await PostgresRows.ListAsync(batch, Read, cancellationToken)).FirstOrDefault();
    }

    public async Task<IReadOnlyList<BulkOperation>> ListBulkAsync(long before, int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Newest, Value(before), Value(limit));
        return await PostgresRows.ListAsync(batch, Read, cancellationToken);
    }

    public async Task<bool> StopBulkAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(StopOne, Value(id));
        return await IsChangedAsync(batch);
    }

    public Task<BulkOperation?> TakeBulkAsync(Guid worker, TimeSpan lease, CancellationToken cancellationToken) =>
        TakeAsync(worker, lease, groups: false, cancellationToken);

    public Task<BulkOperation?> TakeGroupingAsync(Guid worker, TimeSpan lease, CancellationToken cancellationToken) =>
        TakeAsync(worker, lease, groups: true, cancellationToken);

    public async Task<bool> SaveBulkAsync(Guid worker, TimeSpan lease, BulkOperation progress, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(
            Save, Value(progress.Key), Value(worker), Value((long)lease.TotalMilliseconds), Value((short)progress.State),
            Value(progress.Matched), Value(progress.Done), Value(progress.Failed), OrNull(progress.Cursor?.Rank),
            OrNull(progress.Cursor?.Key), Value((short)(progress.IsRead ? 1 : 0)), Text(BulkText.Of(progress.Batch)),
            Text(progress.Error));
        return await IsChangedAsync(batch);
    }

    public async Task<int> RemoveBulkAsync(TimeSpan keep, int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(RemoveOld, Value((long)keep.TotalMilliseconds), Value(limit));
        return (await PostgresRows.ListAsync(batch, row => row.GetInt64(0), CancellationToken.None)).Count;
    }

    private async Task<BulkOperation?> TakeAsync(Guid worker, TimeSpan lease, bool groups, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Take, Value(worker), Value((long)lease.TotalMilliseconds), Value(groups));
        return (await PostgresRows.ListAsync(batch, Read, CancellationToken.None)).FirstOrDefault();
    }

    private static async Task<bool> IsChangedAsync(PostgresBatch batch) =>
        (await PostgresRows.ListAsync(batch, row => row.GetInt64(0), CancellationToken.None)).Count > 0;

    private static BulkOperation Read(NpgsqlDataReader row) => new()
    {
        Key = row.GetInt64(0),
        Id = row.GetGuid(1),
        Action = (BulkAction)row.GetInt16(2),
        State = (BulkState)row.GetInt16(3),
        Priority = row.IsDBNull(4) ? null : row.GetInt32(4),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)),
        FinishedAt = PostgresRows.Time(row, 6),
        LastJob = row.GetInt64(7),
        Matched = row.GetInt64(8),
        Done = row.GetInt64(9),
        Failed = row.GetInt64(10),
        Cursor = row.IsDBNull(12) ? null : new JobPlace(row.GetInt64(11), row.GetInt64(12), 0, false),
        IsRead = row.GetInt16(13) != 0,
        AskedBy = PostgresRows.TextOrNull(row, 14),
        Filter = row.GetString(15),
        Query = BulkText.Query(row.GetString(16)),
        Batch = BulkText.Keys(row.GetString(17)),
        Error = PostgresRows.TextOrNull(row, 18),
        Threshold = row.IsDBNull(19) ? null : row.GetDouble(19),
    };
}
