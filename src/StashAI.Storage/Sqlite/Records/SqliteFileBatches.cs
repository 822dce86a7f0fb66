using StashAI.Queue.Model.Files;
using StashAI.Queue.Store;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Records;

/// <summary>Batches of other APIs: one row each.</summary>
internal sealed class SqliteFileBatches(SqliteWriter writer, SqliteReaders readers) : IFileBatches
{
    private const string Columns =
        "id, public_id, owner, file_id, request, state, model, errors, job_id, created_at, checked_at, cancelled_at, dialect";

    private const string ById = $"SELECT {Columns} FROM file_batches WHERE public_id = ?1";

    private const string ByJob = $"SELECT {Columns} FROM file_batches WHERE job_id = ?1";

    private const string ByKey = $"SELECT {Columns} FROM file_batches WHERE batch_key = ?2 OR public_id = ?1";

    private const string Insert = """
        INSERT INTO file_batches (public_id, owner, batch_key, file_id, request, created_at) VALUES (?1, ?2, ?3, ?4, ?5, stashai_now())
        """;

    private const string InsertOfJob = """
        INSERT INTO file_batches (public_id, owner, file_id, request, state, job_id, created_at, dialect)
        SELECT public_id, owner, ?2, ?3, 2 /* Submitted */, id, created_at, ?4 FROM queue_jobs WHERE id = ?1
        """;

    private const string PlaceOf = "SELECT id FROM file_batches WHERE public_id = ?1 AND dialect = ?2";

    private const string Newest = $"SELECT {Columns} FROM file_batches WHERE dialect = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3";

    private const string Oldest = $"SELECT {Columns} FROM file_batches WHERE dialect = ?1 AND id > ?2 ORDER BY id LIMIT ?3";

    private const string FindFree = """
        SELECT id FROM file_batches WHERE state < 2 /* to be checked */ AND worker_until <= stashai_now() ORDER BY worker_until, id LIMIT 1
        """;

    private const string Take = $"""
        UPDATE file_batches SET worker = ?2, worker_until = stashai_now() + ?3
        WHERE id = ?1 AND state < 2 /* to be checked */ AND worker_until <= stashai_now() RETURNING {Columns}
        """;

    private const string Renew =
        "UPDATE file_batches SET worker_until = stashai_now() + ?3 WHERE id = ?1 AND worker = ?2 AND state < 2 /* to be checked */";

    private const string Settle = """
        UPDATE file_batches SET state = ?4, model = ?5, errors = ?6, job_id = ?7, checked_at = stashai_now()
        WHERE id = ?1 AND worker = ?2 AND state = ?3
        """;

    /// <summary>A job may be removed before its batch is known to be that job.</summary>
    private const string SettleRemoved = """
        DELETE FROM file_batches
        WHERE id = ?1 AND worker = ?2 AND state = ?3 AND NOT EXISTS (SELECT 1 FROM queue_jobs WHERE id = ?4)
        """;

    private const string Cancel = $"""
        UPDATE file_batches SET cancelled_at = COALESCE(cancelled_at, stashai_now()),
            state = CASE WHEN state = 0 /* Checking */ THEN 1 /* Cancelling */ ELSE state END
        WHERE public_id = ?1 RETURNING {Columns}
        """;

    private const string SaveLines = "UPDATE file_batches SET line_order = ?2 WHERE public_id = ?1";

    private const string ReadLines = "SELECT line_order FROM file_batches WHERE public_id = ?1";

    private const string JobOf = "SELECT id FROM queue_jobs WHERE idempotency_key = ?1 AND state <> 6 /* Staging */";

    private const string RemoveOld = $"""
        DELETE FROM file_batches WHERE id IN (
            SELECT id FROM file_batches WHERE state > 2 /* without a job */ AND created_at < {SqliteClock.Trusted} - ?1
            ORDER BY created_at LIMIT ?2)
        """;

    /// <summary>Removes the batch of a job that is removed.</summary>
    public const string RemoveOfJob = "DELETE FROM file_batches WHERE job_id = ?1";

    public Task<FileBatch> AddBatchAsync(NewFileBatch batch, CancellationToken cancellationToken) => writer.RunAsync(
        session =>
        {
            if (Read(session.Use(ByKey).Bind(1, batch.Id).Bind(2, batch.IdempotencyKey)) is [var first]) return first;
            session.Use(Insert).Bind(1, batch.Id).Bind(2, batch.Owner).Bind(3, batch.IdempotencyKey).Bind(4, batch.FileId)
                .Bind(5, batch.Request).Run();
            return Read(session.Use(ById).Bind(1, batch.Id))[0];
        },
        cancellationToken);

    public Task<FileBatch?> FindBatchAsync(Guid id, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => Read(session.Use(ById).Bind(1, id)).FirstOrDefault(), cancellationToken);

    public Task<FileBatch?> FindBatchOfKeyAsync(string idempotencyKey, CancellationToken cancellationToken) => readers.ReadAsync(
        session => Read(session.Use(ByKey).Bind(1, Guid.Empty).Bind(2, idempotencyKey)).FirstOrDefault(), cancellationToken);

    public Task<FileBatch?> FindBatchOfJobAsync(long jobKey, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => Read(session.Use(ByJob).Bind(1, jobKey)).FirstOrDefault(), cancellationToken);

    public Task<IReadOnlyList<FileBatch>?> ListBatchesAsync(FileBatchQuery query, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<FileBatch>?>(
            session =>
            {
                var place = (query.Before ?? query.After) is { } id
                    ? session.Use(PlaceOf).Bind(1, id).Bind(2, (int)query.Dialect).Scalar()
                    : long.MaxValue;
                if (place is not { } known) return null;
                var found = Read(session.Use(query.Before is null ? Newest : Oldest)
                    .Bind(1, (int)query.Dialect).Bind(2, known).Bind(3, query.Limit));
                if (query.Before is not null) found.Reverse();
                return found;
            },
            cancellationToken);

    /// <summary>Adds the batch that a job is, in the transaction that makes the job visible.</summary>
    public static void AddOfJob(SqliteSession session, long jobKey, JobBatch batch) =>
        session.Use(InsertOfJob).Bind(1, jobKey).Bind(2, Guid.Empty).Bind(3, batch.Request).Bind(4, (int)batch.Dialect).Run();

    public async Task<FileBatch?> TakeBatchAsync(Guid worker, TimeSpan lease, CancellationToken cancellationToken)
    {
        // Usually there is none, and the write lock is not needed.
        var free = await readers.ReadAsync(session => session.Use(FindFree).Scalar(), cancellationToken);
        return free is not { } key
            ? null
            : await writer.RunAsync(
                session => Read(session.Use(Take).Bind(1, key).Bind(2, worker).Bind(3, (long)lease.TotalMilliseconds)).FirstOrDefault(),
                cancellationToken);
    }

    public Task<bool> RenewBatchAsync(long key, Guid worker, TimeSpan lease, CancellationToken cancellationToken) => writer.RunAsync(
        session => session.Use(Renew).Bind(1, key).Bind(2, worker).Bind(3, (long)lease.TotalMilliseconds).Run() > 0, cancellationToken);

    public Task<bool> SettleBatchAsync(FileBatch settled, FileBatchState before, Guid worker, CancellationToken cancellationToken) =>
        writer.RunAsync(
            session =>
                (settled.JobKey is { } job
                    && session.Use(SettleRemoved).Bind(1, settled.Key).Bind(2, worker).Bind(3, (int)before).Bind(4, job).Run() > 0)
                || session.Use(Settle).Bind(1, settled.Key).Bind(2, worker).Bind(3, (int)before).Bind(4, (int)settled.State)
                    .Bind(5, settled.Model).Bind(6, settled.Errors).Bind(7, settled.JobKey).Run() > 0,
            cancellationToken);

    public Task SaveLineOrderAsync(Guid id, ReadOnlyMemory<byte> places, CancellationToken cancellationToken) => writer.RunAsync(
        session => session.Use(SaveLines).Bind(1, id).Bind(2, places.Span).Run(), cancellationToken);

    public Task<ReadOnlyMemory<byte>> ReadLineOrderAsync(Guid id, CancellationToken cancellationToken) => readers.ReadAsync(
        session =>
        {
            var row = session.Use(ReadLines).Bind(1, id);
            return row.Step() && !row.IsNull(0) ? row.Blob(0) : default(ReadOnlyMemory<byte>);
        },
        cancellationToken);

    public Task<FileBatch?> CancelBatchAsync(Guid id, CancellationToken cancellationToken) =>
        writer.RunAsync(session => Read(session.Use(Cancel).Bind(1, id)).FirstOrDefault(), cancellationToken);

    public Task<long?> FindJobAsync(string idempotencyKey, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => session.Use(JobOf).Bind(1, idempotencyKey).Scalar(), cancellationToken);

    public Task<int> RemoveOldBatchesAsync(TimeSpan keep, int limit, CancellationToken cancellationToken) => writer.RunAsync(
        session => session.Use(RemoveOld).Bind(1, (long)keep.TotalMilliseconds).Bind(2, limit).Run(), cancellationToken, isBulk: true);

    private static List<FileBatch> Read(SqliteStatement row)
    {
        var found = new List<FileBatch>();
        while (row.Step())
        {
            found.Add(new FileBatch
            {
                Key = row.Int64(0),
                Id = row.Guid(1),
                Owner = row.TextOrNull(2),
                FileId = row.Guid(3),
                Request = row.Text(4),
                State = (FileBatchState)row.Int32(5),
                Model = row.TextOrNull(6),
                Errors = row.TextOrNull(7),
                JobKey = row.IsNull(8) ? null : row.Int64(8),
                CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(9)),
                CheckedAt = row.IsNull(10) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(10)),
                CancelledAt = row.IsNull(11) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(11)),
                Dialect = (BatchDialect)row.Int32(12),
            });
        }

        return found;
    }
}
