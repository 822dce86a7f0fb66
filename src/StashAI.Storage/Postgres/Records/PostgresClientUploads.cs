using Npgsql;
using StashAI.Queue.Model.Files;
using StashAI.Queue.Store;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Records;

/// <summary>Files that clients send in parts: a row each, and one for each part, which refers to a payload.</summary>
internal sealed class PostgresClientUploads(PostgresDatabase database) : IClientUploads
{
    private const string Columns =
        "id, public_id, owner, name, purpose, mime_type, size, lifetime, state, created_at, expires_at, completed_with";

    private const string ById = $"SELECT {Columns} FROM client_uploads WHERE public_id = $1 AND expires_at > stashai_now()";

    // The row is locked until the end: parts and the end of one upload take turns.
    private const string Hold = $"{ById} FOR UPDATE";

    // One that has expired, and is not removed yet, may have had the same idempotency key.
    private const string RemoveExpiredOne = """
        WITH expired AS (DELETE FROM client_uploads WHERE public_id = $1 AND expires_at <= stashai_now() RETURNING id),
        gone AS (DELETE FROM client_upload_parts WHERE upload_id IN (SELECT id FROM expired) RETURNING payload_id)
        UPDATE payloads SET refs = refs - 1 WHERE id IN (SELECT payload_id FROM gone)
        """;

    private const string Insert = """
        INSERT INTO client_uploads (public_id, owner, name, purpose, mime_type, size, lifetime, created_at, expires_at)
        SELECT $1, $2, $3, $4, $5, $6, $7, stashai_now(), stashai_now() + $8
        FROM (
            SELECT COUNT(*) AS uploads, COALESCE(SUM(size), 0)::bigint AS bytes FROM client_uploads
            WHERE (owner = $2 OR (owner IS NULL AND $2 IS NULL)) AND state = 0 /* Pending */ AND expires_at > stashai_now()) pending
        WHERE uploads < $9 AND bytes + $6 <= $10
        ON CONFLICT DO NOTHING
        """;

    private const string PartById = "SELECT id FROM client_upload_parts WHERE public_id = $1";

    private const string SumParts = "SELECT COALESCE(SUM(size), 0)::bigint FROM client_upload_parts WHERE upload_id = $1";

    private const string SizeOfBody = "SELECT received FROM body_uploads WHERE public_id = $1 AND job_id IS NULL FOR UPDATE";

    // The payload has the part's row now, in place of the body's.
    private const string InsertPart = """
        WITH gone AS (DELETE FROM body_uploads WHERE public_id = $3 RETURNING received, payload_id)
        INSERT INTO client_upload_parts (public_id, upload_id, size, payload_id, created_at)
        SELECT $1, $2, received, payload_id, stashai_now() FROM gone
        """;

    private const string Parts = """
        SELECT p.public_id, p.size, p.payload_id, p.created_at
        FROM client_uploads u JOIN client_upload_parts p ON p.upload_id = u.id WHERE u.public_id = $1 ORDER BY p.id
        """;

    private const string SetState = "UPDATE client_uploads SET state = $2, completed_with = $3 WHERE id = $1";

    private const string ReleaseParts = """
        WITH gone AS (DELETE FROM client_upload_parts WHERE upload_id = $1 RETURNING payload_id)
        UPDATE payloads SET refs = refs - 1 WHERE id IN (SELECT payload_id FROM gone)
        """;

    private const string RemoveExpired = $"""
        WITH expired AS (
            DELETE FROM client_uploads WHERE id IN (
                SELECT id FROM client_uploads WHERE expires_at <= {PostgresClock.Trusted} ORDER BY expires_at LIMIT $1
                FOR UPDATE SKIP LOCKED)
            RETURNING id),
        gone AS (DELETE FROM client_upload_parts WHERE upload_id IN (SELECT id FROM expired) RETURNING payload_id),
        released AS (UPDATE payloads SET refs = refs - 1 WHERE id IN (SELECT payload_id FROM gone))
        SELECT id FROM expired
        """;

    public async Task<ClientUpload?> BeginUploadAsync(NewClientUpload upload, ClientFileUsage most, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch()
            .Add(RemoveExpiredOne, Value(upload.Id))
            .Add(
                Insert, Value(upload.Id), Text(upload.Owner), Text(upload.Name), Text(upload.Purpose), Text(upload.MimeType),
                Value(upload.Size), OrNull((long?)upload.FileLifetime?.TotalMilliseconds), Value((long)upload.Lifetime.TotalMilliseconds),
                Value(most.Files), Value(most.Bytes))
            .Add(ById, Value(upload.Id));
        return (await PostgresRows.ListAsync(batch, Read, CancellationToken.None)).FirstOrDefault().Upload;
    }

    public async Task<ClientUpload?> FindUploadAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(ById, Value(id));
        return (await PostgresRows.ListAsync(batch, Read, cancellationToken)).FirstOrDefault().Upload;
    }

    public async Task<PartOutcome> AddPartAsync(Guid uploadId, Guid partId, Guid bodyId, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var (key, upload) = await HoldAsync(session, uploadId);
        var outcome = await AddAsync(session, key, upload, partId, bodyId);
        await EndAsync(session);
        return outcome;
    }

    public async Task<IReadOnlyList<UploadPart>> ListPartsAsync(Guid uploadId, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Parts, Value(uploadId));
        return await PostgresRows.ListAsync(
            batch,
            row => new UploadPart(
                row.GetGuid(0), row.GetInt64(1), row.IsDBNull(2) ? null : row.GetInt64(2),
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(3))),
            cancellationToken);
    }

    public async Task<ClientFile?> CompleteUploadAsync(
        Guid uploadId, Guid bodyId, string completedWith, ClientFileUsage most, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var (key, upload) = await HoldAsync(session, uploadId);
        ClientFile? file = null;
        if (upload is { State: ClientUploadState.Pending })
        {
            file = await PostgresClientFiles.KeepAsync(
                session, new NewClientFile(upload.Id, upload.Name, upload.Purpose, upload.FileLifetime), bodyId, most);
            if (file is not null) await EndAsync(session, key, ClientUploadState.Completed, completedWith);
        }
        else if (upload is not null)
        {
            file = await PostgresClientFiles.FindAsync(session, upload.Id, CancellationToken.None);
        }

        await EndAsync(session);
        return file;
    }

    public async Task<ClientUpload?> CancelUploadAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var (key, upload) = await HoldAsync(session, id);
        if (upload is { State: ClientUploadState.Pending })
        {
            await EndAsync(session, key, ClientUploadState.Cancelled);
            upload = upload with { State = ClientUploadState.Cancelled };
        }

        await EndAsync(session);
        return upload;
    }

    public async Task<int> RemoveExpiredUploadsAsync(int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        // The clock may have been set since the last reading: times written before are corrected first.
        await PostgresClock.ObserveAsync(session, cancellationToken);
        await using var batch = session.Batch().Add(RemoveExpired, Value((long)limit));
        return (await PostgresRows.ListAsync(batch, row => row.GetInt64(0), CancellationToken.None)).Count;
    }

    private static async Task<PartOutcome> AddAsync(PostgresSession session, long key, ClientUpload? upload, Guid partId, Guid bodyId)
    {
        if (await ScalarAsync(session, PartById, Value(partId)) is not null) return PartOutcome.Added;
        if (upload is not { State: ClientUploadState.Pending }) return PartOutcome.NotPending;
        if (await ScalarAsync(session, SizeOfBody, Value(bodyId)) is not { } size) return PartOutcome.Lost;
        if (await ScalarAsync(session, SumParts, Value(key)) + size > IClientUploads.MaxBytesOfParts(upload)) return PartOutcome.TooLong;
        await using var batch = session.Batch().Add(InsertPart, Value(partId), Value(key), Value(bodyId));
        await batch.RunAsync(CancellationToken.None);
        return PartOutcome.Added;
    }

    private static async Task<(long Key, ClientUpload? Upload)> HoldAsync(PostgresSession session, Guid id)
    {
        await using var batch = session.Batch().Add(Begin).Add(Hold, Value(id));
        return (await PostgresRows.ListAsync(batch, Read, CancellationToken.None)).FirstOrDefault();
    }

    private static async Task EndAsync(PostgresSession session, long key, ClientUploadState state, string? completedWith = null)
    {
        await using var batch = session.Batch().Add(SetState, Value(key), Value((short)state), Text(completedWith))
            .Add(ReleaseParts, Value(key));
        await batch.RunAsync(CancellationToken.None);
    }

    private static async Task EndAsync(PostgresSession session)
    {
        await using var batch = session.Batch().Add(Commit);
        await batch.RunAsync(CancellationToken.None);
    }

    private static async Task<long?> ScalarAsync(PostgresSession session, string sql, NpgsqlParameter parameter)
    {
        await using var batch = session.Batch().Add(sql, parameter);
        return await PostgresRows.ListAsync(batch, row => row.GetInt64(0), CancellationToken.None) is [var value] ? value : null;
    }

    private static (long Key, ClientUpload? Upload) Read(NpgsqlDataReader row) => (row.GetInt64(0), new ClientUpload
    {
        Id = row.GetGuid(1),
        Owner = PostgresRows.TextOrNull(row, 2),
        Name = row.GetString(3),
        Purpose = row.GetString(4),
        MimeType = row.GetString(5),
        Size = row.GetInt64(6),
        FileLifetime = row.IsDBNull(7) ? null : TimeSpan.FromMilliseconds(row.GetInt64(7)),
        State = (ClientUploadState)row.GetInt16(8),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(9)),
        ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(10)),
        CompletedWith = PostgresRows.TextOrNull(row, 11),
    });
}
