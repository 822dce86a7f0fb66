using StashAI.Queue.Model.Tasks;
using StashAI.Storage.Payloads;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Sqlite.Records;

namespace StashAI.Storage.Sqlite.Payloads;

/// <summary>The rows of payloads and of the segments that hold their bytes.</summary>
internal sealed class SqlitePayloads(SqliteWriter writer, SqliteReaders readers) : IPayloadRows
{
    private const string Chunk = "SELECT bytes FROM payload_chunks WHERE id = ?1";

    private const string Place = """
        SELECT s.name, p.segment_offset, p.size, p.sha256, p.checksum FROM payloads p JOIN payload_segments s ON s.id = p.segment_id
        WHERE p.id = ?1 AND p.refs > 0
        """;

    // While its job is staged, an upload may go on.
    private const string Unreferenced = """
        SELECT p.id, p.segment_id, s.name, p.segment_offset, p.size, s.payloads
        FROM payloads p JOIN payload_segments s ON s.id = p.segment_id
        WHERE p.refs = 0 AND s.name LIKE '%' || ?2
            AND NOT EXISTS (SELECT 1 FROM queue_jobs j WHERE j.id = p.upload_job_id AND j.state = 6 /* Staging */) LIMIT ?1
        """;

    private const string Remove = "DELETE FROM payloads WHERE id = ?1 AND refs = 0";

    private const string Uncount = "UPDATE payload_segments SET payloads = payloads - 1 WHERE id = ?1";

    private const string Empty = """
        SELECT s.id, s.name FROM payload_segments s WHERE s.payloads = 0 AND s.name LIKE '%' || ?2
            AND NOT EXISTS (SELECT 1 FROM queue_jobs j WHERE j.id = s.upload_job_id AND j.state = 6 /* Staging */) LIMIT ?1
        """;

    private const string RemoveSegment = "DELETE FROM payload_segments WHERE id = ?1 AND payloads = 0";

    private const string Nodes = "SELECT id FROM nodes WHERE rescued = 0";

    private const string IsOrphan = """
        SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM payload_segments WHERE name = ?1)
            AND NOT EXISTS (SELECT 1 FROM nodes WHERE id = ?2 AND rescued = 0)
        """;

    /// <summary>The name of the queue's folder where queues share one.</summary>
    public static string FindFolder(SqliteDatabase database)
    {
        using var session = database.OpenReader();
        var row = session.Use("SELECT name FROM payload_folder");
        row.Step();
        var name = row.Text(0);
        row.Reset();
        return name;
    }

    public Task<PayloadPlace?> FindPlaceAsync(long payloadKey, CancellationToken cancellationToken) => readers.ReadAsync(
        session =>
        {
            var row = session.Use(Place).Bind(1, payloadKey);
            if (!row.Step()) return null;
            var place = new PayloadPlace(row.Text(0), row.Int64(1), row.Int64(2), row.Blob(3), row.IsNull(4) ? null : row.Int64(4));
            row.Reset();
            return place;
        },
        cancellationToken);

    public Task<int?> ReadRowAsync(long payloadKey, int sequence, Memory<byte> destination, CancellationToken cancellationToken) =>
        readers.ReadAsync<int?>(
            session =>
            {
                var row = session.Use(Chunk).Bind(1, PayloadChunk.Key(payloadKey, sequence));
                if (!row.Step()) return null;
                var length = row.CopyBlob(0, destination.Span);
                row.Reset();
                return length;
            },
            cancellationToken);

    public Task<IReadOnlyList<UnreferencedPayload>> FindUnreferencedAsync(
        int limit, string extension, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<UnreferencedPayload>>(
            session =>
            {
                var found = new List<UnreferencedPayload>();
                var row = session.Use(Unreferenced).Bind(1, limit).Bind(2, extension);
                while (row.Step())
                {
                    found.Add(new UnreferencedPayload(
                        row.Int64(0), row.Int64(1), row.Text(2), row.Int64(3), row.Int64(4), row.Int64(5)));
                }

                return found;
            },
            cancellationToken);

    public Task<int> RemovePayloadsAsync(IReadOnlyList<UnreferencedPayload> payloads, CancellationToken cancellationToken) =>
        writer.RunAsync(
            session =>
            {
                var count = 0;
                foreach (var payload in payloads)
                {
                    // Another process may have removed it.
                    if (session.Use(Remove).Bind(1, payload.Key).Run() == 0) continue;
                    session.Use(SqlitePreviews.Remove).Bind(1, payload.Key).Run();
                    session.Use(Uncount).Bind(1, payload.Segment).Run();
                    count++;
                }

                return count;
            },
            cancellationToken,
            isBulk: true);

    public Task<IReadOnlyList<(long Key, string File)>> FindEmptySegmentsAsync(
        int limit, string extension, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<(long, string)>>(
            session =>
            {
                var found = new List<(long, string)>();
                var row = session.Use(Empty).Bind(1, limit).Bind(2, extension);
                while (row.Step()) found.Add((row.Int64(0), row.Text(1)));
                return found;
            },
            cancellationToken);

    public Task<int> RemoveSegmentsAsync(IReadOnlyList<long> keys, CancellationToken cancellationToken) => writer.RunAsync(
        session => keys.Sum(key => session.Use(RemoveSegment).Bind(1, key).Run()), cancellationToken, isBulk: true);

    public Task<IReadOnlyList<long>> ListNodesAsync(CancellationToken cancellationToken) => readers.ReadAsync<IReadOnlyList<long>>(
        session =>
        {
            var keys = new List<long>();
            var row = session.Use(Nodes);
            while (row.Step()) keys.Add(row.Int64(0));
            return keys;
        },
        cancellationToken);

    public Task<IReadOnlyList<string>> FindOrphansAsync(
        IReadOnlyList<(string File, long NodeKey)> files, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlyList<string>>(
            session =>
            {
                // One snapshot for all: a commit is seen with its node, or its node is lost and it cannot come any more.
                session.Use("BEGIN").Run();
                try
                {
                    return [.. files.Where(file => session.Use(IsOrphan).Bind(1, file.File).Bind(2, file.NodeKey).Scalar() is not null)
                        .Select(file => file.File)];
                }
                finally
                {
                    session.Use("ROLLBACK").Run();
                }
            },
            cancellationToken);
}
