using StashAI.Queue.Store;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Records;

internal sealed class SqlitePreviews(SqliteWriter writer, SqliteReaders readers) : IPreviews
{
    private const string IsSettled = "SELECT 1 FROM payload_previews WHERE payload_id = ?1";

    private const string Find = "SELECT preview FROM payload_previews WHERE payload_id = ?1";

    private const string Insert = """
        INSERT INTO payload_previews (payload_id, preview) SELECT id, ?2 FROM payloads WHERE id = ?1 AND refs > 0 ON CONFLICT DO NOTHING
        """;

    public const string Remove = "DELETE FROM payload_previews WHERE payload_id = ?1";

    public Task<IReadOnlySet<long>> FindPreviewsAsync(IReadOnlyList<long> payloadKeys, CancellationToken cancellationToken) =>
        readers.ReadAsync<IReadOnlySet<long>>(
            session => payloadKeys.Where(key => session.Use(IsSettled).Bind(1, key).Scalar() is not null).ToHashSet(), cancellationToken);

    public Task<byte[]?> ReadPreviewAsync(long payloadKey, CancellationToken cancellationToken) => readers.ReadAsync(
        session =>
        {
            var row = session.Use(Find).Bind(1, payloadKey);
            return row.Step() ? row.Blob(0) : null;
        },
        cancellationToken);

    public Task SavePreviewAsync(long payloadKey, ReadOnlyMemory<byte> preview, CancellationToken cancellationToken) => writer.RunAsync(
        session => session.Use(Insert).Bind(1, payloadKey).Bind(2, preview.Span).Run(), cancellationToken, isBulk: true);
}
