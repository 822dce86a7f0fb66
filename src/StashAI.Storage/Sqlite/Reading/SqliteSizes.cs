using StashAI.Queue.Model.Nodes;
using StashAI.Queue.Store;
using StashAI.Storage.Migrations;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Reading;

/// <summary>The sizes of the file and of its parts.</summary>
internal sealed class SqliteSizes(SqliteDatabase database, SqliteReaders readers) : IStoreSizes
{
    /// <summary>Of the newest payloads, the previews of so many are measured; those of the others are taken to be alike.</summary>
    private const int Sampled = 500;

    private const string Version = "SELECT sqlite_version(), (SELECT * FROM pragma_page_count()) * (SELECT * FROM pragma_page_size())";

    private const string Payloads = """
        SELECT COUNT(*), COALESCE(SUM(size) FILTER (WHERE segment_id IS NULL), 0), COALESCE(SUM(size) FILTER (WHERE segment_id NOTNULL), 0)
        FROM payloads
        """;

    private const string Previews = """
        SELECT COUNT(*), COALESCE(SUM(length(v.preview)), 0)
        FROM (SELECT id FROM payloads ORDER BY id DESC LIMIT ?1) p LEFT JOIN payload_previews v ON v.payload_id = p.id
        """;

    public Task<StoreSizes> ReadSizesAsync(CancellationToken cancellationToken) => readers.ReadAsync(Read, cancellationToken);

    private StoreSizes Read(SqliteSession session)
    {
        var row = session.Use(Version);
        row.Step();
        var (version, size) = (row.Text(0), row.Int64(1));
        row = session.Use(Payloads);
        row.Step();
        var (payloads, bytes, inFiles) = (row.Int64(0), row.Int64(1), row.Int64(2));
        row = session.Use(Previews).Bind(1, Sampled);
        row.Step();
        var (sampled, previews) = (row.Int64(0), row.Int64(1));
        var log = new FileInfo(database.Path + "-wal");
        return new StoreSizes(
            "sqlite", version, MigrationScripts.Number(MigrationScripts.Sqlite[^1].Name), size, log.Exists ? log.Length : 0, bytes, inFiles,
            sampled == 0 ? 0 : (long)((double)previews / sampled * payloads));
    }
}
