using StashAI.Queue.Model.Bulk;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Store;
using StashAI.Storage.Jobs;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Records;

/// <summary>Bulk operations: one row each, with its progress.</summary>
internal sealed class SqliteBulk(SqliteWriter writer, SqliteReaders readers) : IBulk
{
    private const string Columns = """
        id, public_id, action, state, priority, created_at, finished_at, last_job, matched, done, failed, cursor_rank, cursor_key, is_read,
        asked_by, filter, query, batch, error, threshold
        """;

    private const string Insert = $"""
        INSERT INTO bulk_operations
            (public_id, action, priority, created_at, last_job, matched, asked_by, filter, query, worker, worker_until, threshold)
        VALUES (?1, ?2, ?3, stashai_now(), (SELECT COALESCE(MAX(id), 0) FROM queue_jobs), ?4, ?5, ?6, ?7, ?8,
            COALESCE(stashai_now() + ?9, 0), ?10)
        RETURNING {Columns}
        """;

    private const string ById = $"SELECT {Columns} FROM bulk_operations WHERE public_id = ?1";

    private const string Newest = $"SELECT {Columns} FROM bulk_operations WHERE id < ?1 ORDER BY id DESC LIMIT ?2";

    private const string StopOne = "UPDATE bulk_operations SET state = 2 /* Stopped */, finished_at = stashai_now() WHERE public_id = ?1 "
        + "AND state = 0 /* Running */";

    private const string FindFree = """
        SELECT id FROM bulk_operations
        WHERE state = 0 /* Running */ AND (worker = ?1 OR worker_until <= stashai_now()) AND (action = 10 /* Group */) = ?2
        ORDER BY worker_until, id LIMIT 1
        """;

    private const string Take = $"""
        UPDATE bulk_operations SET worker = ?2, worker_until = stashai_now() + ?3
        WHERE id = ?1 AND state = 0 /* Running */ AND (worker = ?2 OR worker_until <= stashai_now()) RETURNING {Columns}
        """;

    private const string Save = """
        UPDATE bulk_operations SET worker_until = stashai_now() + ?3, state = ?4, matched = ?5, done = ?6, failed = ?7, cursor_rank = ?8,
            cursor_key = ?9, is_read = ?10, batch = ?11, error = ?12, finished_at = CASE WHEN ?4 <> 0 THEN stashai_now() END
        WHERE id = ?1 AND worker = ?2 AND state = 0 /* Running */
        """;

    private const string RemoveOld = $"""
        DELETE FROM bulk_operations WHERE id IN (
            SELECT id FROM bulk_operations WHERE state <> 0 /* Running */ AND finished_at < {SqliteClock.Trusted} - ?1 ORDER BY finished_at LIMIT ?2)
        """;

    public Task<BulkOperation> AddBulkAsync(NewBulk bulk, CancellationToken cancellationToken) => writer.RunAsync(
        session => Read(session.Use(Insert).Bind(1, bulk.Id).Bind(2, (int)bulk.Action).Bind(3, (long?)bulk.Priority).Bind(4, bulk.Matched)
            .Bind(5, bulk.AskedBy).Bind(6, bulk.Filter).Bind(7, BulkText.Of(bulk.Query)).Bind(8, bulk.Taken?.Worker)
            .Bind(9, (long?)bulk.Taken?.Lease.TotalMilliseconds).Bind(10, bulk.Threshold))[0],
        cancellationToken);

    public Task<BulkOperation?> FindBulkAsync(Guid id, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => Read(session.Use(ById).Bind(1, id)).FirstOrDefault(), cancellationToken);

    public Task<IReadOnlyList<BulkOperation>> ListBulkAsync(long before, int limit, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<BulkOperation>>(session => Read(session.Use(Newest).Bind(1, before).Bind(2, limit)),
            cancellationToken);

    public Task<bool> StopBulkAsync(Guid id, CancellationToken cancellationToken) =>
        writer.RunAsync(session => session.Use(StopOne).Bind(1, id).Run() > 0, cancellationToken);

    public Task<BulkOperation?> TakeBulkAsync(Guid worker, TimeSpan lease, CancellationToken cancellationToken) =>
        TakeAsync(worker, lease, groups: false, cancellationToken);

    public Task<BulkOperation?> TakeGroupingAsync(Guid worker, TimeSpan lease, CancellationToken cancellationToken) =>
        TakeAsync(worker, lease, groups: true, cancellationToken);

    public Task<bool> SaveBulkAsync(Guid worker, TimeSpan lease, BulkOperation progress, CancellationToken cancellationToken) =>
        writer.RunAsync(
            session => session.Use(Save).Bind(1, progress.Key).Bind(2, worker).Bind(3, (long)lease.TotalMilliseconds)
                .Bind(4, (int)progress.State).Bind(5, progress.Matched).Bind(6, progress.Done).Bind(7, progress.Failed)
                .Bind(8, progress.Cursor?.Rank).Bind(9, progress.Cursor?.Key).Bind(10, progress.IsRead ? 1 : 0)
                .Bind(11, BulkText.Of(progress.Batch)).Bind(12, progress.Error).Run() > 0,
            cancellationToken);

    public Task<int> RemoveBulkAsync(TimeSpan keep, int limit, CancellationToken cancellationToken) =>
        writer.RunAsync(
            session => session.Use(RemoveOld).Bind(1, (long)keep.TotalMilliseconds).Bind(2, limit).Run(), cancellationToken,
            isBulk: true);

    private async Task<BulkOperation?> TakeAsync(Guid worker, TimeSpan lease, bool groups, CancellationToken cancellationToken)
    {
        // Usually there is none, and the write lock is not needed.
        var free = await readers.ReadAsync(
            session => session.Use(FindFree).Bind(1, worker).Bind(2, groups ? 1 : 0).Scalar(), cancellationToken);
        return free is not { } key
            ? null
            : await writer.RunAsync(
                session => Read(session.Use(Take).Bind(1, key).Bind(2, worker).Bind(3, (long)lease.TotalMilliseconds)).FirstOrDefault(),
                cancellationToken);
    }

    private static List<BulkOperation> Read(SqliteStatement row)
    {
        var found = new List<BulkOperation>();
        while (row.Step())
        {
            found.Add(new BulkOperation
            {
                Key = row.Int64(0),
                Id = row.Guid(1),
                Action = (BulkAction)row.Int32(2),
                State = (BulkState)row.Int32(3),
                Priority = row.IsNull(4) ? null : row.Int32(4),
                CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(5)),
                FinishedAt = row.IsNull(6) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(6)),
                LastJob = row.Int64(7),
                Matched = row.Int64(8),
                Done = row.Int64(9),
                Failed = row.Int64(10),
                Cursor = row.IsNull(12) ? null : new JobPlace(row.Int64(11), row.Int64(12), 0, false),
                IsRead = row.Int32(13) != 0,
                AskedBy = row.TextOrNull(14),
                Filter = row.Text(15),
                Query = BulkText.Query(row.Text(16)),
                Batch = BulkText.Keys(row.Text(17)),
                Error = row.TextOrNull(18),
                Threshold = row.IsNull(19) ? null : row.Real(19),
            });
        }

        return found;
    }
}
