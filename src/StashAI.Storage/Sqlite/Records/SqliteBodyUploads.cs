using StashAI.Queue.Model.Uploads;
using StashAI.Queue.Store;
using StashAI.Storage.Payloads;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Uploads;

namespace StashAI.Storage.Sqlite.Records;

/// <summary>Request bodies that arrive in chunks: a row each, and a payload that the row refers to.</summary>
internal sealed class SqliteBodyUploads(SqliteWriter writer, SqliteReaders readers) : IBodyUploads
{
    private const string Columns =
        "public_id, owner, declaration, size, sha256, payload_id, received, created_at, touched_at, job_id, id";

    private const string ById = $"SELECT {Columns} FROM body_uploads WHERE public_id = ?1";

    private const string ByKey = $"SELECT {Columns} FROM body_uploads WHERE upload_key = ?1 OR public_id = ?2";

    private const string OldByKey = $"SELECT id FROM body_uploads WHERE upload_key = ?1 AND touched_at < {SqliteClock.Trusted} - ?2";

    private const string CountOpen = "SELECT COUNT(*) FROM body_uploads WHERE owner IS ?1 AND job_id IS NULL";

    private const string BytesOpen = "SELECT COALESCE(SUM(received), 0) FROM body_uploads WHERE owner IS ?1 AND job_id IS NULL";

    private const string Insert = """
        INSERT INTO body_uploads (public_id, owner, upload_key, declaration, size, sha256, created_at, touched_at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, stashai_now(), stashai_now())
        """;

    private const string InsertPayload = "INSERT INTO payloads (upload_job_id, refs) VALUES (0, 1)";

    private const string Row = "SELECT bytes FROM payload_chunks WHERE id = ?1";

    private const string SaveRow =
        "INSERT INTO payload_chunks (id, bytes) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET bytes = excluded.bytes";

    private const string SavePayload = "UPDATE payloads SET size = ?2 WHERE id = ?1";

    private const string SaveReceived =
        "UPDATE body_uploads SET payload_id = ?2, received = ?3, touched_at = stashai_now() WHERE id = ?1";

    private const string ReleasePayload =
        "UPDATE payloads SET refs = refs - 1 WHERE id = (SELECT payload_id FROM body_uploads WHERE id = ?1)";

    private const string SaveJob =
        "UPDATE body_uploads SET job_id = ?2, payload_id = NULL, touched_at = stashai_now() WHERE id = ?1";

    private const string FindOpen = "SELECT id FROM body_uploads WHERE public_id = ?1 AND job_id IS NULL";

    private const string FindOld =
        $"SELECT id FROM body_uploads WHERE touched_at < {SqliteClock.Trusted} - ?1 ORDER BY touched_at LIMIT ?2";

    private const string Remove = "DELETE FROM body_uploads WHERE id = ?1";

    public Task<BodyUpload?> StartUploadAsync(NewBodyUpload upload, int most, TimeSpan keep, CancellationToken cancellationToken) =>
        writer.RunAsync(
            session =>
            {
                foreach (var old in Keys(session.Use(OldByKey).Bind(1, upload.Key).Bind(2, (long)keep.TotalMilliseconds)))
                    RemoveOne(session, old);
                if (Find(session, upload) is { } first) return first;
                if (session.Use(CountOpen).Bind(1, upload.Owner).Scalar() >= most) return null;
                var insert = session.Use(Insert).Bind(1, upload.Id).Bind(2, upload.Owner).Bind(3, upload.Key).Bind(4, upload.Declaration)
                    .Bind(5, upload.Size);
                (upload.Sha256.IsEmpty ? insert.BindNull(6) : insert.Bind(6, upload.Sha256.Span)).Run();
                return Find(session, upload);
            },
            cancellationToken);

    public Task<BodyUpload?> FindUploadAsync(Guid id, CancellationToken cancellationToken) =>
        readers.ReadAsync(session => Read(session.Use(ById).Bind(1, id))?.Upload, cancellationToken);

    public Task<ChunkResult> AppendUploadAsync(
        Guid id, long offset, ReadOnlyMemory<byte> bytes, long mostOfOwner, CancellationToken cancellationToken) => writer.RunAsync(
        session => Read(session.Use(ById).Bind(1, id)) is var (key, upload)
            ? Append(session, key, upload, offset, bytes, mostOfOwner)
            : new ChunkResult(ChunkOutcome.Unknown, 0),
        cancellationToken,
        isBulk: true);

    public Task CommitUploadAsync(Guid id, Guid jobId, CancellationToken cancellationToken) => writer.RunAsync(
        session =>
        {
            if (session.Use(FindOpen).Bind(1, id).Scalar() is not { } key) return false;
            session.Use(ReleasePayload).Bind(1, key).Run();
            session.Use(SaveJob).Bind(1, key).Bind(2, jobId).Run();
            return true;
        },
        cancellationToken);

    public Task<bool> RemoveUploadAsync(Guid id, CancellationToken cancellationToken) => writer.RunAsync(
        session => Read(session.Use(ById).Bind(1, id)) is var (key, _) && RemoveOne(session, key), cancellationToken);

    public async Task<int> RemoveOldUploadsAsync(TimeSpan keep, int limit, CancellationToken cancellationToken)
    {
        // Usually there is none, and the write lock is not needed.
        var old = await readers.ReadAsync(session => FindOldKeys(session, keep, limit), cancellationToken);
        return old.Count == 0 ? 0 : await writer.RunAsync(
            session => FindOldKeys(session, keep, limit).Count(key => RemoveOne(session, key)), cancellationToken, isBulk: true);
    }

    private static List<long> FindOldKeys(SqliteSession session, TimeSpan keep, int limit) =>
        Keys(session.Use(FindOld).Bind(1, (long)keep.TotalMilliseconds).Bind(2, limit));

    private static ChunkResult Append(
        SqliteSession session, long key, BodyUpload upload, long offset, ReadOnlyMemory<byte> bytes, long mostOfOwner)
    {
        if (upload.JobId is not null) return new(ChunkOutcome.Committed, upload.Received);
        if (offset > upload.Received) return new(ChunkOutcome.Gap, upload.Received);
        var known = (int)Math.Min(bytes.Length, upload.Received - offset);
        foreach (var place in ChunkPlace.Split(offset, bytes[..known]))
        {
            if (!place.IsIn(RowOf(session, upload, place.Sequence))) return new(ChunkOutcome.Different, upload.Received);
        }

        var (rest, received) = (bytes[known..], Math.Max(upload.Received, offset + bytes.Length));
        if (received > upload.Size) return new(ChunkOutcome.TooLong, upload.Received);
        if (rest.IsEmpty) return new(ChunkOutcome.Stored, upload.Received);
        if (session.Use(BytesOpen).Bind(1, upload.Owner).Scalar() + rest.Length > mostOfOwner)
            return new(ChunkOutcome.OverLimit, upload.Received);
        var payload = upload.PayloadKey ?? AddPayload(session);
        foreach (var place in ChunkPlace.Split(upload.Received, rest))
        {
            var row = place.Start == 0 ? place.Bytes.Span : [.. RowOf(session, upload, place.Sequence), .. place.Bytes.Span];
            session.Use(SaveRow).Bind(1, PayloadChunk.Key(payload, place.Sequence)).Bind(2, row).Run();
        }

        session.Use(SavePayload).Bind(1, payload).Bind(2, received).Run();
        session.Use(SaveReceived).Bind(1, key).Bind(2, payload).Bind(3, received).Run();
        return new(ChunkOutcome.Stored, received);
    }

    private static long AddPayload(SqliteSession session)
    {
        session.Use(InsertPayload).Run();
        return session.LastInsertRowId;
    }

    private static byte[] RowOf(SqliteSession session, BodyUpload upload, int sequence)
    {
        var row = session.Use(Row).Bind(1, PayloadChunk.Key(upload.PayloadKey!.Value, sequence));
        if (!row.Step()) throw new InvalidDataException($"Piece {sequence} of upload {upload.Id} is missing in the database.");
        var bytes = row.Blob(0);
        row.Reset();
        return bytes;
    }

    private static bool RemoveOne(SqliteSession session, long key)
    {
        session.Use(ReleasePayload).Bind(1, key).Run();
        return session.Use(Remove).Bind(1, key).Run() > 0;
    }

    private static List<long> Keys(SqliteStatement rows)
    {
        var keys = new List<long>();
        while (rows.Step()) keys.Add(rows.Int64(0));
        return keys;
    }

    private static BodyUpload? Find(SqliteSession session, NewBodyUpload upload) =>
        Read(session.Use(ByKey).Bind(1, upload.Key).Bind(2, upload.Id))?.Upload;

    private static (long Key, BodyUpload Upload)? Read(SqliteStatement row)
    {
        if (!row.Step()) return null;
        var upload = new BodyUpload
        {
            Id = row.Guid(0),
            Owner = row.TextOrNull(1),
            Declaration = row.Text(2),
            Size = row.IsNull(3) ? null : row.Int64(3),
            Sha256 = row.IsNull(4) ? default : row.Blob(4),
            PayloadKey = row.IsNull(5) ? null : row.Int64(5),
            Received = row.Int64(6),
            CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(7)),
            TouchedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(8)),
            JobId = row.IsNull(9) ? null : row.Guid(9),
        };
        var key = row.Int64(10);
        row.Reset();
        return (key, upload);
    }
}
