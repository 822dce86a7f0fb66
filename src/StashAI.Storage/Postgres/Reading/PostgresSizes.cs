using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Store;
using StashAI.Storage.Migrations;
using StashAI.Storage.Postgres.Database;

namespace StashAI.Storage.Postgres.Reading;

/// <summary>The sizes of the database and of its tables. Only superusers see that of the write-ahead log.</summary>
internal sealed class PostgresSizes(PostgresDatabase database) : IStoreSizes
{
    // Of a thousand pages; what a larger table has in files is estimated from as many.
    private const string Sizes = """
        SELECT current_setting('server_version'), pg_database_size(current_database()),
            pg_total_relation_size('payload_chunks'::regclass), pg_total_relation_size('payload_previews'::regclass),
            (SELECT (COALESCE(SUM(size) FILTER (WHERE segment_id IS NOT NULL), 0)
                * GREATEST(1, pg_relation_size('payloads') / 8192 / 1000.0))::bigint
            FROM payloads TABLESAMPLE SYSTEM (LEAST(100, 100000.0 / GREATEST(1, pg_relation_size('payloads') / 8192))::real))
        """;

    public async Task<StoreSizes> ReadSizesAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Sizes);
        await using var rows = await batch.ReadAsync(cancellationToken);
        await rows.ReadAsync(cancellationToken);
        return new StoreSizes(
            "postgresql", rows.GetString(0), MigrationScripts.Number(MigrationScripts.Postgres[^1].Name), rows.GetInt64(1), null,
            rows.GetInt64(2), rows.GetInt64(4), rows.GetInt64(3));
    }
}
