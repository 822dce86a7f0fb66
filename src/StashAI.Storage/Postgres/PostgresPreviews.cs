using static StashAI.Storage.Postgres.PostgresBatch;

namespace StashAI.Storage.Postgres;

/// <summary>Previews of photos, and the keys that links are signed with.</summary>
internal static class PostgresPreviews
{
    private const string IsSettled = "SELECT payload_id FROM payload_previews WHERE payload_id = ANY ($1)";

    private const string Find = "SELECT preview FROM payload_previews WHERE payload_id = $1";

    // Who takes the last reference of the payload waits until this is through: the removal after that sees the preview.
    private const string Insert = """
        INSERT INTO payload_previews (payload_id, preview) SELECT id, $2 FROM payloads WHERE id = $1 AND refs > 0 FOR SHARE ON CONFLICT DO NOTHING
        """;

    private const string SigningKey = "SELECT key FROM signing_keys WHERE name = $1";

    public static async Task<IReadOnlySet<long>> SettledAsync(PostgresSession session, IReadOnlyList<long> payloadKeys, CancellationToken cancellationToken)
    {
        await using var batch = session.Batch().Add(IsSettled, Value<long[]>([.. payloadKeys]));
        return (await PostgresRead.RowsAsync(batch, row => row.GetInt64(0), cancellationToken)).ToHashSet();
    }

    public static async Task<byte[]?> ReadAsync(PostgresSession session, long payloadKey, CancellationToken cancellationToken)
    {
        await using var batch = session.Batch().Add(Find, Value(payloadKey));
        return await PostgresRead.RowsAsync(batch, row => row.GetFieldValue<byte[]>(0), cancellationToken) is [var preview] ? preview : null;
    }

    public static async Task<bool> SaveAsync(PostgresSession session, long payloadKey, ReadOnlyMemory<byte> preview)
    {
        await using var batch = session.Batch().Add(Insert, Value(payloadKey), Value(preview.ToArray()));
        await batch.RunAsync(CancellationToken.None);
        return true;
    }

    public static async Task<byte[]> ReadSigningKeyAsync(PostgresSession session, string name, CancellationToken cancellationToken)
    {
        await using var batch = session.Batch().Add(SigningKey, Text(name));
        return await PostgresRead.RowsAsync(batch, row => row.GetFieldValue<byte[]>(0), cancellationToken) is [var key]
            ? key
            : throw new InvalidOperationException($"The database has no signing key named {name}.");
    }
}
