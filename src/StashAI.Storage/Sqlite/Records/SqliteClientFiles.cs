using StashAI.Queue.Model.Files;
using StashAI.Queue.Store;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Records;

/// <summary>Files that clients keep: a row each, and a payload that the row refers to.</summary>
internal sealed class SqliteClientFiles(SqliteWriter writer, SqliteReaders readers) : IClientFiles
{
    private const string Columns = "public_id, owner, name, purpose, size, payload_id, created_at, expires_at";

    private const string IsKept = "(expires_at IS NULL OR expires_at > stashai_now())";

    private const string ById = $"SELECT {Columns} FROM client_files WHERE public_id = ?1 AND {IsKept}";

    private const string Insert = $"""
        INSERT INTO client_files (public_id, owner, name, purpose, size, payload_id, created_at, expires_at)
        SELECT ?1, u.owner, ?3, ?4, u.received, u.payload_id, stashai_now(), stashai_now() + ?5
        FROM body_uploads u WHERE u.public_id = ?2 AND u.job_id IS NULL AND NOT EXISTS (SELECT 1 FROM client_files WHERE public_id = ?1) AND (
            SELECT COUNT(*) < ?6 AND COALESCE(SUM(f.size), 0) + u.received <= ?7
            FROM client_files f WHERE f.owner IS u.owner AND {IsKept})
        """;

    private const string Usage = $"SELECT COUNT(*), COALESCE(SUM(size), 0) FROM client_files WHERE owner IS ?1 AND {IsKept}";

    private const string FindUpload = "SELECT id FROM body_uploads WHERE public_id = ?1";

    private const string RemoveUpload = "DELETE FROM body_uploads WHERE public_id = ?1";

    private const string PlaceOf = "SELECT id FROM client_files WHERE public_id = ?1";

    private const string Newest = $"SELECT {Columns} FROM client_files WHERE id < ?1 AND {IsKept} ORDER BY id DESC LIMIT ?2";

    private const string Oldest = $"SELECT {Columns} FROM client_files WHERE id > ?1 AND {IsKept} ORDER BY id LIMIT ?2";

    private const string NewestOfPurpose =
        $"SELECT {Columns} FROM client_files WHERE purpose = ?3 AND id < ?1 AND {IsKept} ORDER BY id DESC LIMIT ?2";

    private const string OldestOfPurpose =
        $"SELECT {Columns} FROM client_files WHERE purpose = ?3 AND id > ?1 AND {IsKept} ORDER BY id LIMIT ?2";

    private const string Expired =
        $"SELECT public_id FROM client_files WHERE expires_at <= {SqliteClock.Trusted} ORDER BY expires_at LIMIT ?1";

    private const string ReleasePayload =
        "UPDATE payloads SET refs = refs - 1 WHERE id = (SELECT payload_id FROM client_files WHERE public_id = ?1)";

    private const string Remove = "DELETE FROM client_files WHERE public_id = ?1";

    /// <summary>A file that is kept; null for none.</summary>
    public static ClientFile? Find(SqliteSession session, Guid id) => Read(session.Use(ById).Bind(1, id)).FirstOrDefault();

    /// <summary>
    /// Makes a file of an upload; null if there is none, if its owner would have too much, or if another upload's file has the id.
    /// </summary>
    public static ClientFile? Keep(SqliteSession session, NewClientFile file, Guid uploadId, ClientFileUsage most)
    {
        // One that has expired, and is not removed yet, may have had the same idempotency key.
        if (Find(session, file.Id) is null) RemoveOne(session, file.Id);
        var inserted = session.Use(Insert).Bind(1, file.Id).Bind(2, uploadId).Bind(3, file.Name).Bind(4, file.Purpose)
            .Bind(5, (long?)file.Lifetime?.TotalMilliseconds).Bind(6, most.Files).Bind(7, most.Bytes).Run();
        // The payload has the file's row now, in place of the upload's.
        if (inserted > 0) session.Use(RemoveUpload).Bind(1, uploadId).Run();
        return session.Use(FindUpload).Bind(1, uploadId).Scalar() is null ? Find(session, file.Id) : null;
    }

    public Task<ClientFile?> KeepUploadAsync(
        NewClientFile file, Guid uploadId, ClientFileUsage most, CancellationToken cancellationToken) => writer.RunAsync(
        session => Keep(session, file, uploadId, most), cancellationToken);

    public Task<ClientFileUsage> ReadUsageAsync(string? owner, CancellationToken cancellationToken) => readers.ReadAsync(
        session =>
        {
            var row = session.Use(Usage).Bind(1, owner);
            row.Step();
            var usage = new ClientFileUsage(row.Int64(0), row.Int64(1));
            row.Reset();
            return usage;
        },
        cancellationToken);

    public Task<ClientFile?> FindFileAsync(Guid id, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => Find(session, id), cancellationToken);

    public Task<IReadOnlyList<ClientFile>?> ListFilesAsync(ClientFileQuery query, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<ClientFile>?>(
            session =>
            {
                var place = query.OldestFirst ? 0 : long.MaxValue;
                if (query.After is { } after)
                {
                    if (session.Use(PlaceOf).Bind(1, after).Scalar() is not { } known) return null;
                    place = known;
                }

                var sql = (query.Purpose, query.OldestFirst) switch
                {
                    (null, false) => Newest,
                    (null, true) => Oldest,
                    (_, false) => NewestOfPurpose,
                    _ => OldestOfPurpose,
                };
                var rows = session.Use(sql).Bind(1, place).Bind(2, query.Limit);
                if (query.Purpose is { } purpose) rows.Bind(3, purpose);
                return Read(rows);
            },
            cancellationToken);

    public Task<bool> RemoveFileAsync(Guid id, CancellationToken cancellationToken) =>
        writer.RunAsync(session => RemoveOne(session, id), cancellationToken);

    public async Task<int> RemoveExpiredFilesAsync(int limit, CancellationToken cancellationToken)
    {
        // Usually there is none, and the write lock is not needed.
        var expired = await readers.ReadAsync(session => FindExpired(session, limit), cancellationToken);
        return expired.Count == 0 ? 0 : await writer.RunAsync(
            session =>
            {
                // The clock may have been set since the last reading: times written before are corrected first.
                SqliteClock.Observe(session);
                return FindExpired(session, limit).Count(id => RemoveOne(session, id));
            },
            cancellationToken,
            isBulk: true);
    }

    private static List<Guid> FindExpired(SqliteSession session, int limit)
    {
        var ids = new List<Guid>();
        var rows = session.Use(Expired).Bind(1, limit);
        while (rows.Step()) ids.Add(rows.Guid(0));
        return ids;
    }

    private static bool RemoveOne(SqliteSession session, Guid id)
    {
        session.Use(ReleasePayload).Bind(1, id).Run();
        return session.Use(Remove).Bind(1, id).Run() > 0;
    }

    private static List<ClientFile> Read(SqliteStatement row)
    {
        var found = new List<ClientFile>();
        while (row.Step())
        {
            found.Add(new ClientFile
            {
                Id = row.Guid(0),
                Owner = row.TextOrNull(1),
                Name = row.Text(2),
                Purpose = row.Text(3),
                Size = row.Int64(4),
                PayloadKey = row.IsNull(5) ? null : row.Int64(5),
                CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(6)),
                ExpiresAt = row.IsNull(7) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(7)),
            });
        }

        return found;
    }
}
