using Npgsql;
using StashAI.Queue.Model.Files;
using StashAI.Queue.Store;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Records;

/// <summary>Files that clients keep: a row each, and a payload that the row refers to.</summary>
internal sealed class PostgresClientFiles(PostgresDatabase database) : IClientFiles
{
    private const string Columns = "public_id, owner, name, purpose, size, payload_id, created_at, expires_at";

    private const string IsKept = "(expires_at IS NULL OR expires_at > stashai_now())";

    private const string ById = $"SELECT {Columns} FROM client_files WHERE public_id = $1 AND {IsKept}";

    // The payload has the file's row now, in place of the upload's.
    private const string Keep = $"""
        WITH gone AS (
            DELETE FROM body_uploads u WHERE u.public_id = $2 AND u.job_id IS NULL
                AND NOT EXISTS (SELECT 1 FROM client_files WHERE public_id = $1) AND (
                SELECT COUNT(*) < $6 AND COALESCE(SUM(f.size), 0) + u.received <= $7
                FROM client_files f WHERE (f.owner = u.owner OR (f.owner IS NULL AND u.owner IS NULL)) AND {IsKept})
            RETURNING u.owner, u.received, u.payload_id)
        INSERT INTO client_files (public_id, owner, name, purpose, size, payload_id, created_at, expires_at)
        SELECT $1, owner, $3, $4, received, payload_id, stashai_now(), stashai_now() + $5 FROM gone
        """;

    // Without the bytes of an upload that is still there.
    private const string Kept = $"{ById} AND NOT EXISTS (SELECT 1 FROM body_uploads u WHERE u.public_id = $2)";

    // One that has expired, and is not removed yet, may have had the same idempotency key.
    private const string RemoveExpiredOne = $"""
        WITH gone AS (DELETE FROM client_files WHERE public_id = $1 AND NOT {IsKept} RETURNING payload_id)
        UPDATE payloads SET refs = refs - 1 WHERE id IN (SELECT payload_id FROM gone)
        """;

    private const string Usage = $"""
        SELECT COUNT(*), COALESCE(SUM(size), 0)::bigint FROM client_files
        WHERE (owner = $1 OR (owner IS NULL AND $1 IS NULL)) AND {IsKept}
        """;

    private const string PlaceOf = "SELECT id FROM client_files WHERE public_id = $1";

    private const string Newest = $"SELECT {Columns} FROM client_files WHERE id < $1 AND {IsKept} ORDER BY id DESC LIMIT $2";

    private const string Oldest = $"SELECT {Columns} FROM client_files WHERE id > $1 AND {IsKept} ORDER BY id LIMIT $2";

    private const string NewestOfPurpose =
        $"SELECT {Columns} FROM client_files WHERE purpose = $3 AND id < $1 AND {IsKept} ORDER BY id DESC LIMIT $2";

    private const string OldestOfPurpose =
        $"SELECT {Columns} FROM client_files WHERE purpose = $3 AND id > $1 AND {IsKept} ORDER BY id LIMIT $2";

    private const string Remove = """
        WITH gone AS (DELETE FROM client_files WHERE public_id = $1 RETURNING id, payload_id),
        released AS (UPDATE payloads SET refs = refs - 1 WHERE id IN (SELECT payload_id FROM gone))
        SELECT id FROM gone
        """;

    private const string RemoveExpired = $"""
        WITH gone AS (
            DELETE FROM client_files WHERE id IN (
                SELECT id FROM client_files WHERE expires_at <= {PostgresClock.Trusted} ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED)
            RETURNING id, payload_id),
        released AS (UPDATE payloads SET refs = refs - 1 WHERE id IN (SELECT payload_id FROM gone))
        SELECT id FROM gone
        """;

    public async Task<ClientFile?> KeepUploadAsync(
        NewClientFile file, Guid uploadId, ClientFileUsage most, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        try
        {
            return await KeepAsync(session, file, uploadId, most);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            // Another process has just made a file with this id.
            return null;
        }
    }

    /// <summary>
    /// Makes a file of an upload; null if there is none, if its owner would have too much, or if another upload's file has the id.
    /// </summary>
    public static async Task<ClientFile?> KeepAsync(PostgresSession session, NewClientFile file, Guid uploadId, ClientFileUsage most)
    {
        await using var batch = session.Batch()
            .Add(RemoveExpiredOne, Value(file.Id))
            .Add(
                Keep, Value(file.Id), Value(uploadId), Text(file.Name), Text(file.Purpose),
                OrNull((long?)file.Lifetime?.TotalMilliseconds), Value(most.Files), Value(most.Bytes))
            .Add(Kept, Value(file.Id), Value(uploadId));
        return (await PostgresRows.ListAsync(batch, Read, CancellationToken.None)).FirstOrDefault();
    }

    public async Task<ClientFileUsage> ReadUsageAsync(string? owner, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Usage, Text(owner));
        return (await PostgresRows.ListAsync(
            batch, row => new ClientFileUsage(row.GetInt64(0), row.GetInt64(1)), cancellationToken))[0];
    }

    /// <summary>A file that is kept; null for none.</summary>
    public static async Task<ClientFile?> FindAsync(PostgresSession session, Guid id, CancellationToken cancellationToken)
    {
        await using var batch = session.Batch().Add(ById, Value(id));
        return (await PostgresRows.ListAsync(batch, Read, cancellationToken)).FirstOrDefault();
    }

    public async Task<ClientFile?> FindFileAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        return await FindAsync(session, id, cancellationToken);
    }

    public async Task<IReadOnlyList<ClientFile>?> ListFilesAsync(ClientFileQuery query, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var place = query.OldestFirst ? 0 : long.MaxValue;
        if (query.After is { } after)
        {
            await using var find = session.Batch().Add(PlaceOf, Value(after));
            if (await PostgresRows.ListAsync(find, row => row.GetInt64(0), cancellationToken) is not [var known]) return null;
            place = known;
        }

        await using var batch = session.Batch();
        if (query.Purpose is { } purpose)
            batch.Add(query.OldestFirst ? OldestOfPurpose : NewestOfPurpose, Value(place), Value((long)query.Limit), Text(purpose));
        else batch.Add(query.OldestFirst ? Oldest : Newest, Value(place), Value((long)query.Limit));
        return await PostgresRows.ListAsync(batch, Read, cancellationToken);
    }

    public async Task<bool> RemoveFileAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Remove, Value(id));
        return (await PostgresRows.ListAsync(batch, row => row.GetInt64(0), CancellationToken.None)).Count > 0;
    }

    public async Task<int> RemoveExpiredFilesAsync(int limit, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        // The clock may have been set since the last reading: times written before are corrected first.
        await PostgresClock.ObserveAsync(session, cancellationToken);
        await using var batch = session.Batch().Add(RemoveExpired, Value((long)limit));
        return (await PostgresRows.ListAsync(batch, row => row.GetInt64(0), CancellationToken.None)).Count;
    }

    private static ClientFile Read(NpgsqlDataReader row) => new()
    {
        Id = row.GetGuid(0),
        Owner = PostgresRows.TextOrNull(row, 1),
        Name = row.GetString(2),
        Purpose = row.GetString(3),
        Size = row.GetInt64(4),
        PayloadKey = row.IsDBNull(5) ? null : row.GetInt64(5),
        CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)),
        ExpiresAt = PostgresRows.Time(row, 7),
    };
}
