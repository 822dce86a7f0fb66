using StashAI.Queue.Store;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Records;

internal sealed class PostgresPreviews(PostgresDatabase database) : IPreviews
{
    private const string IsSettled = "SELECT payload_id FROM payload_previews WHERE payload_id = ANY ($1)";

    private const string Find = "SELECT preview FROM payload_previews WHERE payload_id = $1";

    // A transaction that removes the payload's last reference waits for this one, so that the removal sees the preview.
    private const string Insert = """
        INSERT INTO payload_previews (payload_id, preview) SELECT id, $2 FROM payloads WHERE id = $1 AND refs > 0 FOR SHARE ON CONFLICT DO NOTHING
        """;

    public async Task<IReadOnlySet<long>> FindPreviewsAsync(IReadOnlyList<long> payloadKeys, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(IsSettled, Value<long[]>([.. payloadKeys]));
        return (await PostgresRows.ListAsync(batch, row => row.GetInt64(0), cancellationToken)).ToHashSet();
    }

    public async Task<byte[]?> ReadPreviewAsync(long payloadKey, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Find, Value(payloadKey));
        return await PostgresRows.ListAsync(batch, row => row.GetFieldValue<byte[]>(0), cancellationToken) is [var preview]
            ? preview
            : null;
    }

    public async Task SavePreviewAsync(long payloadKey, ReadOnlyMemory<byte> preview, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Insert, Value(payloadKey), Value(preview.ToArray()));
        await batch.RunAsync(CancellationToken.None);
    }
}
