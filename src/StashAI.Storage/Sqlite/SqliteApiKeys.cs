using StashAI.Queue.Model.Access;

namespace StashAI.Storage.Sqlite;

/// <summary>API keys: hashes, found by their prefix.</summary>
internal static class SqliteApiKeys
{
    private const string Insert = """
        INSERT INTO api_keys (prefix, hash, name, scope, created_at) VALUES (?1, ?2, ?3, ?4, stashai_now()) ON CONFLICT DO NOTHING
        """;

    private const string IsKept = "SELECT 1 FROM api_keys WHERE prefix = ?1 AND hash = ?2 AND name = ?3 AND scope = ?4 AND revoked_at IS NULL";

    private const string Select = "SELECT prefix, hash, name, scope, created_at, revoked_at FROM api_keys ORDER BY id";

    private const string RevokeKey = "UPDATE api_keys SET revoked_at = stashai_now() WHERE prefix = ?1 AND revoked_at IS NULL";

    public static bool Add(SqliteSession session, string prefix, ReadOnlySpan<byte> hash, string name, ApiScope scope) =>
        session.Use(Insert).Bind(1, prefix).Bind(2, hash).Bind(3, name).Bind(4, (int)scope).Run() > 0
        || session.Use(IsKept).Bind(1, prefix).Bind(2, hash).Bind(3, name).Bind(4, (int)scope).Scalar() is not null;

    public static IReadOnlyList<ApiKey> List(SqliteSession session)
    {
        var keys = new List<ApiKey>();
        var row = session.Use(Select);
        while (row.Step())
        {
            keys.Add(new ApiKey(
                row.Text(0), row.Blob(1), row.Text(2), (ApiScope)row.Int32(3), DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(4)),
                row.IsNull(5) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(5))));
        }

        return keys;
    }

    public static bool Revoke(SqliteSession session, string prefix) => session.Use(RevokeKey).Bind(1, prefix).Run() > 0;
}
