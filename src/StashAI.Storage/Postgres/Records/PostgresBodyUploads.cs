using Npgsql;
using StashAI.Queue.Model.Uploads;
using StashAI.Queue.Store;
using StashAI.Storage.Payloads;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Uploads;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Records;

/// <summary>Request bodies that arrive in chunks: a row each, and a payload that the row refers to.</summary>
internal sealed class PostgresBodyUploads(PostgresDatabase database) : IBodyUploads
{
    private const string Columns =
        "public_id, owner, declaration, size, sha256, payload_id, received, created_at, touched_at, job_id, id";

    private const string ById = $"SELECT {Columns} FROM body_uploads WHERE public_id = $1";

    private const string ByKey = $"SELECT {Columns} FROM body_uploads WHERE upload_key = $1 OR public_id = $2";

    private const string Hold = $"SELECT {Columns} FROM body_uploads WHERE public_id = $1 FOR UPDATE";

    private const string RemoveOldByKey = $"""
        WITH gone AS (
            DELETE FROM body_uploads WHERE upload_key = $1 AND touched_at < {PostgresClock.Trusted} - $2 RETURNING payload_id)
        UPDATE payloads SET refs = refs - 1 WHERE id IN (SELECT payload_id FROM gone)
        """;

    private const string Insert = """
        INSERT INTO body_uploads (public_id, owner, upload_key, declaration, size, sha256, created_at, touched_at)
        SELECT $1, $2, $3, $4, $5, NULLIF($6, ''::bytea), stashai_now(), stashai_now()
        WHERE (SELECT COUNT(*) FROM body_uploads WHERE owner IS NOT DISTINCT FROM $2 AND job_id IS NULL) < $7
        ON CONFLICT DO NOTHING
        """;

    private const string BytesOpen = """
        SELECT COALESCE(SUM(received), 0)::bigint FROM body_uploads
        WHERE owner IS NOT DISTINCT FROM (SELECT owner FROM body_uploads WHERE public_id = $1) AND job_id IS NULL
        """;

    private const string InsertPayload = "INSERT INTO payloads (upload_job_id, refs) VALUES (0, 1) RETURNING id";

    private const string Rows = "SELECT bytes FROM payload_chunks WHERE id >= $1 AND id <= $2 ORDER BY id";

    private const string ExtendRow = "UPDATE payload_chunks SET bytes = bytes || $2 WHERE id = $1";

    private const string AddRow = "INSERT INTO payload_chunks (id, bytes) VALUES ($1, $2)";

    private const string SavePayload = "UPDATE payloads SET size = $2 WHERE id = $1";

    private const string SaveReceived =
        "UPDATE body_uploads SET payload_id = $2, received = $3, touched_at = stashai_now() WHERE id = $1";

    private const string Commit = """
        WITH found AS MATERIALIZED (SELECT id, payload_id FROM body_uploads WHERE public_id = $1 AND job_id IS NULL FOR UPDATE),
        released AS (UPDATE payloads p SET refs = refs - 1 FROM found f WHERE p.id = f.payload_id)
        UPDATE body_uploads u SET job_id = $2, payload_id = NULL, touched_at = stashai_now() FROM found f WHERE u.id = f.id
        """;

    private const string Remove = """
        WITH gone AS (DELETE FROM body_uploads WHERE public_id = $1 RETURNING id, payload_id),
        released AS (UPDATE payloads SET refs = refs - 1 WHERE id IN (SELECT payload_id FROM gone))
        SELECT id FROM gone
        """;

    private const string RemoveOld = $"""
        WITH gone AS (
            DELETE FROM body_uploads WHERE id IN (
                SELECT id FROM body_uploads WHERE touched_at < {PostgresClock.Trusted} - $1 ORDER BY touched_at LIMIT $2)
            RETURNING id, payload_id),
        released AS (UPDATE payloads SET refs = refs - 1 WHERE id IN (SELECT payload_id FROM gone))
        SELECT id FROM gone
        """;

    public async Task<BodyUpload?> StartUploadAsync(NewBodyUpload upload, int most, TimeSpan keep, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch()
            .Add(RemoveOldByKey, Text(upload.Key), Value((long)keep.TotalMilliseconds))
            .Add(
                Insert, Value(upload.Id), Text(upload.Owner), Text(upload.Key), Text(upload.Declaration), OrNull(upload.Size),
                Value(upload.Sha256.ToArray()), Value((long)most))
            .Add(ByKey, Text(upload.Key), Value(upload.Id));
        return (await PostgresRows.ListAsync(batch, Read, CancellationToken.None)).FirstOrDefault().Upload;
    }

    public async Task<BodyUpload?> FindUploadAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(ById, Value(id));
        return (await PostgresRows.ListAsync(batch, Read, cancellationToken)).FirstOrDefault().Upload;
    }

    public async Task<ChunkResult> AppendUploadAsync(
        Guid id, long offset, ReadOnlyMemory<byte> bytes, long mostOfOwner, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        (long Key, BodyUpload? Upload) held;
        // The row is locked until the end: two senders of one upload take turns.
        await using (var begin = session.Batch().Add(Begin).Add(Hold, Value(id)))
            held = (await PostgresRows.ListAsync(begin, Read, CancellationToken.None)).FirstOrDefault();
        var result = held.Upload is { } upload
            ? await AppendAsync(session, held.Key, upload, offset, bytes, mostOfOwner)
            : new ChunkResult(ChunkOutcome.Unknown, 0);
        await using var end = session.Batch().Add(PostgresBatch.Commit);
        await end.RunAsync(CancellationToken.None);
        return result;
    }

    public async Task CommitUploadAsync(Guid id, Guid jobId, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Commit, Value(id), Value(jobId));
        await batch.RunAsync(CancellationToken.None);
    }

    public async Task<bool> RemoveUploadAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Remove, Value(id));
        return (await PostgresRows.ListAsync(batch, row => row.GetInt64(0), CancellationToken.None)).Count > 0;
    }

    public async Task<int> RemoveOldUploadsAsync(TimeSpan keep, int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(RemoveOld, Value((long)keep.TotalMilliseconds), Value(limit));
        return (await PostgresRows.ListAsync(batch, row => row.GetInt64(0), CancellationToken.None)).Count;
    }

    private static async Task<ChunkResult> AppendAsync(
        PostgresSession session, long key, BodyUpload upload, long offset, ReadOnlyMemory<byte> bytes, long mostOfOwner)
    {
        if (upload.JobId is not null) return new(ChunkOutcome.Committed, upload.Received);
        if (offset > upload.Received) return new(ChunkOutcome.Gap, upload.Received);
        var known = (int)Math.Min(bytes.Length, upload.Received - offset);
        if (known > 0 && !await IsStoredAsync(session, upload, offset, bytes[..known])) return new(ChunkOutcome.Different, upload.Received);
        var (rest, received) = (bytes[known..], Math.Max(upload.Received, offset + bytes.Length));
        if (received > upload.Size) return new(ChunkOutcome.TooLong, upload.Received);
        if (rest.IsEmpty) return new(ChunkOutcome.Stored, upload.Received);
        await using (var sum = session.Batch().Add(BytesOpen, Value(upload.Id)))
        {
            var open = (await PostgresRows.ListAsync(sum, row => row.GetInt64(0), CancellationToken.None))[0];
            if (open + rest.Length > mostOfOwner) return new(ChunkOutcome.OverLimit, upload.Received);
        }

        var payload = upload.PayloadKey ?? await AddPayloadAsync(session);
        await using var batch = session.Batch();
        foreach (var place in ChunkPlace.Split(upload.Received, rest))
            batch.Add(place.Start == 0 ? AddRow : ExtendRow, Value(PayloadChunk.Key(payload, place.Sequence)), Value(place.Bytes));
        batch.Add(SavePayload, Value(payload), Value(received)).Add(SaveReceived, Value(key), Value(payload), Value(received));
        await batch.RunAsync(CancellationToken.None);
        return new(ChunkOutcome.Stored, received);
    }

    private static async Task<bool> IsStoredAsync(PostgresSession session, BodyUpload upload, long offset, ReadOnlyMemory<byte> bytes)
    {
        var places = ChunkPlace.Split(offset, bytes).ToList();
        var payload = upload.PayloadKey!.Value;
        await using var batch = session.Batch().Add(
            Rows, Value(PayloadChunk.Key(payload, places[0].Sequence)), Value(PayloadChunk.Key(payload, places[^1].Sequence)));
        var rows = await PostgresRows.ListAsync(batch, row => row.GetFieldValue<byte[]>(0), CancellationToken.None);
        return rows.Count == places.Count
            ? rows.Zip(places).All(pair => pair.Second.IsIn(pair.First))
            : throw new InvalidDataException($"Pieces of upload {upload.Id} are missing in the database.");
    }

    private static async Task<long> AddPayloadAsync(PostgresSession session)
    {
        await using var batch = session.Batch().Add(InsertPayload);
        return (await PostgresRows.ListAsync(batch, row => row.GetInt64(0), CancellationToken.None))[0];
    }

    private static (long Key, BodyUpload? Upload) Read(NpgsqlDataReader row) => (row.GetInt64(10), new BodyUpload
    {
        Id = row.GetGuid(0),
        Owner = PostgresRows.TextOrNull(row, 1),
        Declaration = row.GetString(2),
        Size = row.IsDBNull(3) ? null : row.GetInt64(3),
        Sha256 = row.IsDBNull(4) ? default : row.GetFieldValue<byte[]>(4),
        PayloadKey = row.IsDBNull(5) ? null : row.GetInt64(5),
        Received = row.GetInt64(6),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(7)),
        TouchedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(8)),
        JobId = row.IsDBNull(9) ? null : row.GetGuid(9),
    });
}
