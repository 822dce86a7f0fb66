using StashAI.Queue.Model.Tasks;
using StashAI.Storage.Payloads;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Payloads;

/// <summary>The rows of payloads and of the segments that hold their bytes.</summary>
internal sealed class PostgresPayloads(PostgresDatabase database) : IPayloadRows
{
    private const string Chunk = "SELECT octet_length(bytes), bytes FROM payload_chunks WHERE id = $1";

    private const string Place = """
        SELECT s.name, p.segment_offset, p.size, p.sha256, p.checksum FROM payloads p JOIN payload_segments s ON s.id = p.segment_id
        WHERE p.id = $1 AND p.refs > 0
        """;

    // While its job is staged, an upload may go on.
    private const string Unreferenced = """
        SELECT p.id, p.segment_id, s.name, p.segment_offset, p.size, s.payloads
        FROM payloads p JOIN payload_segments s ON s.id = p.segment_id
        WHERE p.refs = 0 AND s.name LIKE '%' || $2
            AND NOT EXISTS (SELECT 1 FROM queue_jobs j WHERE j.id = p.upload_job_id AND j.state = 6 /* Staging */) LIMIT $1
        """;

    // Another process may have removed some of them. Files are locked in the order of their keys.
    private const string Remove = """
        WITH gone AS (DELETE FROM payloads WHERE refs = 0 AND id = ANY ($1) RETURNING id, segment_id),
        previews AS (DELETE FROM payload_previews v USING gone g WHERE v.payload_id = g.id),
        locked AS MATERIALIZED (
            SELECT s.id, c.n FROM payload_segments s
            JOIN (SELECT segment_id, COUNT(*)::int AS n FROM gone GROUP BY 1) AS c ON c.segment_id = s.id ORDER BY s.id FOR UPDATE OF s),
        counted AS (UPDATE payload_segments s SET payloads = s.payloads - l.n FROM locked l WHERE s.id = l.id)
        SELECT COUNT(*) FROM gone
        """;

    private const string Empty = """
        SELECT s.id, s.name FROM payload_segments s WHERE s.payloads = 0 AND s.name LIKE '%' || $2
            AND NOT EXISTS (SELECT 1 FROM queue_jobs j WHERE j.id = s.upload_job_id AND j.state = 6 /* Staging */) LIMIT $1
        """;

    private const string RemoveSegments = """
        WITH gone AS (DELETE FROM payload_segments WHERE payloads = 0 AND id = ANY ($1) RETURNING id) SELECT COUNT(*) FROM gone
        """;

    private const string Nodes = "SELECT id FROM nodes WHERE rescued = 0";

    // One statement, one snapshot: a commit is seen with its node, or its node is lost and it cannot come any more.
    private const string Orphans = """
        SELECT f.name FROM unnest($1::text[], $2::bigint[]) AS f (name, node_id)
        WHERE NOT EXISTS (SELECT 1 FROM payload_segments s WHERE s.name = f.name)
            AND NOT EXISTS (SELECT 1 FROM nodes n WHERE n.id = f.node_id AND n.rescued = 0)
        """;

    /// <summary>The name of the queue's folder where queues share one.</summary>
    public static async Task<string> FindFolderAsync(PostgresDatabase database, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add("SELECT name FROM payload_folder");
        return (await PostgresRows.ListAsync(batch, row => row.GetString(0), cancellationToken))[0];
    }

    public async Task<PayloadPlace?> FindPlaceAsync(long payloadKey, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Place, Value(payloadKey));
        await using var rows = await batch.ReadAsync(cancellationToken);
        return await rows.ReadAsync(cancellationToken)
            ? new PayloadPlace(
                rows.GetString(0), rows.GetInt64(1), rows.GetInt64(2), rows.GetFieldValue<byte[]>(3),
                rows.IsDBNull(4) ? null : rows.GetInt64(4))
            : null;
    }

    public async Task<int?> ReadRowAsync(
        long payloadKey, int sequence, Memory<byte> destination, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Chunk, Value(PayloadChunk.Key(payloadKey, sequence)));
        await using var rows = await batch.ReadAsync(cancellationToken);
        if (!await rows.ReadAsync(cancellationToken)) return null;
        var length = rows.GetInt32(0);
        await using var bytes = await rows.GetStreamAsync(1, cancellationToken);
        await bytes.ReadExactlyAsync(destination[..length], cancellationToken);
        return length;
    }

    public async Task<IReadOnlyList<UnreferencedPayload>> FindUnreferencedAsync(
        int limit, string extension, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Unreferenced, Value((long)limit), Text(extension));
        return await PostgresRows.ListAsync(
            batch,
            row => new UnreferencedPayload(
                row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), row.GetInt32(5)),
            cancellationToken);
    }

    public Task<int> RemovePayloadsAsync(IReadOnlyList<UnreferencedPayload> payloads, CancellationToken cancellationToken) =>
        CountAsync(Remove, [.. payloads.Select(payload => payload.Key)], cancellationToken);

    public async Task<IReadOnlyList<(long Key, string File)>> FindEmptySegmentsAsync(
        int limit, string extension, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Empty, Value((long)limit), Text(extension));
        return await PostgresRows.ListAsync(batch, row => (row.GetInt64(0), row.GetString(1)), cancellationToken);
    }

    public Task<int> RemoveSegmentsAsync(IReadOnlyList<long> keys, CancellationToken cancellationToken) =>
        CountAsync(RemoveSegments, [.. keys], cancellationToken);

    public async Task<IReadOnlyList<long>> ListNodesAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Nodes);
        return await PostgresRows.ListAsync(batch, row => row.GetInt64(0), cancellationToken);
    }

    public async Task<IReadOnlyList<string>> FindOrphansAsync(
        IReadOnlyList<(string File, long NodeKey)> files, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(
            Orphans, Value(files.Select(file => file.File).ToArray()), Value(files.Select(file => file.NodeKey).ToArray()));
        return await PostgresRows.ListAsync(batch, row => row.GetString(0), cancellationToken);
    }

    private async Task<int> CountAsync(string sql, long[] keys, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(sql, Value(keys));
        return (int)(await PostgresRows.ListAsync(batch, row => row.GetInt64(0), cancellationToken))[0];
    }
}
