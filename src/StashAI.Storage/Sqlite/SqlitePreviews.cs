namespace StashAI.Storage.Sqlite;

/// <summary>Previews of photos, and the keys that links are signed with.</summary>
internal static class SqlitePreviews
{
    private const string IsSettled = "SELECT 1 FROM payload_previews WHERE payload_id = ?1";

    private const string Find = "SELECT preview FROM payload_previews WHERE payload_id = ?1";

    private const string Insert = """
        INSERT INTO payload_previews (payload_id, preview) SELECT id, ?2 FROM payloads WHERE id = ?1 AND refs > 0 ON CONFLICT DO NOTHING
        """;

    public const string Remove = "DELETE FROM payload_previews WHERE payload_id = ?1";

    private const string SigningKey = "SELECT key FROM signing_keys WHERE name = ?1";

    public static IReadOnlySet<long> Settled(SqliteSession session, IReadOnlyList<long> payloadKeys) =>
        payloadKeys.Where(key => session.Use(IsSettled).Bind(1, key).Scalar() is not null).ToHashSet();

    public static byte[]? Read(SqliteSession session, long payloadKey)
    {
        var row = session.Use(Find).Bind(1, payloadKey);
        return row.Step() ? row.Blob(0) : null;
    }

    public static int Save(SqliteSession session, long payloadKey, ReadOnlySpan<byte> preview) =>
        session.Use(Insert).Bind(1, payloadKey).Bind(2, preview).Run();

    public static byte[] ReadSigningKey(SqliteSession session, string name)
    {
        var row = session.Use(SigningKey).Bind(1, name);
        return row.Step() ? row.Blob(0) : throw new InvalidOperationException($"The database has no signing key named {name}.");
    }
}
