using StashAI.Queue.Model.Files;
using StashAI.Queue.Store;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Records;

/// <summary>Files that clients send in parts: a row each, and one for each part, which refers to a payload.</summary>
internal sealed class SqliteClientUploads(SqliteWriter writer, SqliteReaders readers) : IClientUploads
{
    private const string Columns =
        "id, public_id, owner, name, purpose, mime_type, size, lifetime, state, created_at, expires_at, completed_with";

    private const string ById = $"SELECT {Columns} FROM client_uploads WHERE public_id = ?1 AND expires_at > stashai_now()";

    private const string PlaceOf = "SELECT id FROM client_uploads WHERE public_id = ?1";

    private const string Insert = """
        INSERT INTO client_uploads (public_id, owner, name, purpose, mime_type, size, lifetime, created_at, expires_at)
        SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, stashai_now(), stashai_now() + ?8
        FROM (
            SELECT COUNT(*) AS uploads, COALESCE(SUM(size), 0) AS bytes FROM client_uploads
            WHERE owner IS ?2 AND state = 0 /* Pending */ AND expires_at > stashai_now())
        WHERE uploads < ?9 AND bytes + ?6 <= ?10
        """;

    private const string PartById = "SELECT id FROM client_upload_parts WHERE public_id = ?1";

    private const string SumParts = "SELECT COALESCE(SUM(size), 0) FROM client_upload_parts WHERE upload_id = ?1";

    private const string SizeOfBody = "SELECT received FROM body_uploads WHERE public_id = ?1 AND job_id IS NULL";

    private const string InsertPart = """
        INSERT INTO client_upload_parts (public_id, upload_id, size, payload_id, created_at)
        SELECT ?1, ?2, received, payload_id, stashai_now() FROM body_uploads WHERE public_id = ?3
        """;

    private const string RemoveBody = "DELETE FROM body_uploads WHERE public_id = ?1";

    private const string Parts = """
        SELECT p.public_id, p.size, p.payload_id, p.created_at
        FROM client_uploads u JOIN client_upload_parts p ON p.upload_id = u.id WHERE u.public_id = ?1 ORDER BY p.id
        """;

    private const string SetState = "UPDATE client_uploads SET state = ?2, completed_with = ?3 WHERE id = ?1";

    private const string ReleaseParts =
        "UPDATE payloads SET refs = refs - 1 WHERE id IN (SELECT payload_id FROM client_upload_parts WHERE upload_id = ?1)";

    private const string RemoveParts = "DELETE FROM client_upload_parts WHERE upload_id = ?1";

    private const string Expired =
        $"SELECT id FROM client_uploads WHERE expires_at <= {SqliteClock.Trusted} ORDER BY expires_at LIMIT ?1";

    private const string Remove = "DELETE FROM client_uploads WHERE id = ?1";

    public Task<ClientUpload?> BeginUploadAsync(NewClientUpload upload, ClientFileUsage most, CancellationToken cancellationToken) =>
        writer.RunAsync(
            session =>
            {
                if (Find(session, upload.Id).Upload is { } first) return first;
                // One that has expired, and is not removed yet, may have had the same idempotency key.
                if (session.Use(PlaceOf).Bind(1, upload.Id).Scalar() is { } expired) RemoveOne(session, expired);
                session.Use(Insert).Bind(1, upload.Id).Bind(2, upload.Owner).Bind(3, upload.Name).Bind(4, upload.Purpose)
                    .Bind(5, upload.MimeType).Bind(6, upload.Size).Bind(7, (long?)upload.FileLifetime?.TotalMilliseconds)
                    .Bind(8, (long)upload.Lifetime.TotalMilliseconds).Bind(9, most.Files).Bind(10, most.Bytes).Run();
                return Find(session, upload.Id).Upload;
            },
            cancellationToken);

    public Task<ClientUpload?> FindUploadAsync(Guid id, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => Find(session, id).Upload, cancellationToken);

    public Task<PartOutcome> AddPartAsync(Guid uploadId, Guid partId, Guid bodyId, CancellationToken cancellationToken) => writer.RunAsync(
        session =>
        {
            if (session.Use(PartById).Bind(1, partId).Scalar() is not null) return PartOutcome.Added;
            var (key, upload) = Find(session, uploadId);
            if (upload is not { State: ClientUploadState.Pending }) return PartOutcome.NotPending;
            if (session.Use(SizeOfBody).Bind(1, bodyId).Scalar() is not { } size) return PartOutcome.Lost;
            if (session.Use(SumParts).Bind(1, key).Scalar() + size > IClientUploads.MaxBytesOfParts(upload)) return PartOutcome.TooLong;
            session.Use(InsertPart).Bind(1, partId).Bind(2, key).Bind(3, bodyId).Run();
            // The payload has the part's row now, in place of the body's.
            session.Use(RemoveBody).Bind(1, bodyId).Run();
            return PartOutcome.Added;
        },
        cancellationToken);

    public Task<IReadOnlyList<UploadPart>> ListPartsAsync(Guid uploadId, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<UploadPart>>(
            session =>
            {
                var parts = new List<UploadPart>();
                var row = session.Use(Parts).Bind(1, uploadId);
                while (row.Step())
                {
                    parts.Add(new UploadPart(
                        row.Guid(0), row.Int64(1), row.IsNull(2) ? null : row.Int64(2),
                        DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(3))));
                }

                return parts;
            },
            cancellationToken);

    public Task<ClientFile?> CompleteUploadAsync(
        Guid uploadId, Guid bodyId, string completedWith, ClientFileUsage most, CancellationToken cancellationToken) => writer.RunAsync(
        session =>
        {
            var (key, upload) = Find(session, uploadId);
            if (upload is null) return null;
            var file = new NewClientFile(upload.Id, upload.Name, upload.Purpose, upload.FileLifetime);
            if (upload.State != ClientUploadState.Pending) return SqliteClientFiles.Find(session, upload.Id);
            var kept = SqliteClientFiles.Keep(session, file, bodyId, most);
            if (kept is not null) End(session, key, ClientUploadState.Completed, completedWith);
            return kept;
        },
        cancellationToken);

    public Task<ClientUpload?> CancelUploadAsync(Guid id, CancellationToken cancellationToken) => writer.RunAsync(
        session =>
        {
            var (key, upload) = Find(session, id);
            if (upload is not { State: ClientUploadState.Pending }) return upload;
            End(session, key, ClientUploadState.Cancelled);
            return upload with { State = ClientUploadState.Cancelled };
        },
        cancellationToken);

    public async Task<int> RemoveExpiredUploadsAsync(int limit, CancellationToken cancellationToken)
    {
        // Usually there is none, and the write lock is not needed.
        var expired = await readers.ReadAsync(session => FindExpired(session, limit), cancellationToken);
        return expired.Count == 0 ? 0 : await writer.RunAsync(
            session =>
            {
                // The clock may have been set since the last reading: times written before are corrected first.
                SqliteClock.Observe(session);
                return FindExpired(session, limit).Count(key => RemoveOne(session, key));
            },
            cancellationToken,
            isBulk: true);
    }

    private static void End(SqliteSession session, long key, ClientUploadState state, string? completedWith = null)
    {
        session.Use(SetState).Bind(1, key).Bind(2, (int)state).Bind(3, completedWith).Run();
        ReleaseAll(session, key);
    }

    private static bool RemoveOne(SqliteSession session, long key)
    {
        ReleaseAll(session, key);
        return session.Use(Remove).Bind(1, key).Run() > 0;
    }

    private static void ReleaseAll(SqliteSession session, long key)
    {
        session.Use(ReleaseParts).Bind(1, key).Run();
        session.Use(RemoveParts).Bind(1, key).Run();
    }

    private static List<long> FindExpired(SqliteSession session, int limit)
    {
        var keys = new List<long>();
        var rows = session.Use(Expired).Bind(1, limit);
        while (rows.Step()) keys.Add(rows.Int64(0));
        return keys;
    }

    private static (long Key, ClientUpload? Upload) Find(SqliteSession session, Guid id)
    {
        var row = session.Use(ById).Bind(1, id);
        if (!row.Step()) return default;
        var found = (row.Int64(0), new ClientUpload
        {
            Id = row.Guid(1),
            Owner = row.TextOrNull(2),
            Name = row.Text(3),
            Purpose = row.Text(4),
            MimeType = row.Text(5),
            Size = row.Int64(6),
            FileLifetime = row.IsNull(7) ? null : TimeSpan.FromMilliseconds(row.Int64(7)),
            State = (ClientUploadState)row.Int32(8),
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(9)),
            ExpiresAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(10)),
            CompletedWith = row.TextOrNull(11),
        });
        row.Reset();
        return found;
    }
}
