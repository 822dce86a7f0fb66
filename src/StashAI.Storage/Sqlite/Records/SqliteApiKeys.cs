using StashAI.Queue.Model.Access;
using StashAI.Queue.Store;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Records;

/// <summary>API keys, stored as hashes and found by prefix.</summary>
internal sealed class SqliteApiKeys(SqliteWriter writer, SqliteReaders readers) : IApiKeys
{
    private const string Insert = """
        INSERT INTO api_keys (prefix, hash, name, scope, created_at, expires_at)
        SELECT ?1, ?2, ?3, ?4, stashai_now(), ?5 WHERE NOT EXISTS (SELECT 1 FROM api_keys WHERE name = ?3) ON CONFLICT DO NOTHING
        """;

    private const string IsStored = "SELECT 1 FROM api_keys WHERE prefix = ?1 AND hash = ?2 AND name = ?3 AND "
        + "scope = ?4 AND revoked_at IS NULL";

    private const string Select = """
        SELECT prefix, hash, name, scope, created_at, revoked_at, last_used_at, expires_at FROM api_keys ORDER BY id
        """;

    // Several processes may note the same use.
    private const string Touch = """
        UPDATE api_keys SET last_used_at = stashai_now()
        WHERE prefix = ?1 AND (last_used_at IS NULL OR last_used_at <= stashai_now() - 60000)
        """;

    private const string RevokeKey = "UPDATE api_keys SET revoked_at = stashai_now() WHERE prefix = ?1 AND revoked_at IS NULL";

    public Task<bool> AddApiKeyAsync(
        string prefix, ReadOnlyMemory<byte> hash, string name, ApiScope scope, DateTimeOffset? expiresAt,
        CancellationToken cancellationToken) => writer.RunAsync(
            session => session.Use(Insert).Bind(1, prefix).Bind(2, hash.Span).Bind(3, name).Bind(4, (int)scope)
                .Bind(5, expiresAt?.ToUnixTimeMilliseconds()).Run() > 0
                || session.Use(IsStored).Bind(1, prefix).Bind(2, hash.Span).Bind(3, name).Bind(4, (int)scope).Scalar() is not null,
            cancellationToken);

    public Task<IReadOnlyList<ApiKey>> ListApiKeysAsync(CancellationToken cancellationToken) => readers.ReadAsync(List, cancellationToken);

    public Task<bool> RevokeApiKeyAsync(string prefix, CancellationToken cancellationToken) =>
        writer.RunAsync(session => session.Use(RevokeKey).Bind(1, prefix).Run() > 0, cancellationToken);

    public Task TouchApiKeysAsync(IReadOnlyCollection<string> prefixes, CancellationToken cancellationToken) => writer.RunAsync(
        session =>
        {
            foreach (var prefix in prefixes) session.Use(Touch).Bind(1, prefix).Run();
            return true;
        },
        cancellationToken);

    private static IReadOnlyList<ApiKey> List(SqliteSession session)
    {
        var keys = new List<ApiKey>();
        var row = session.Use(Select);
        while (row.Step())
        {
            keys.Add(new ApiKey(
                row.Text(0), row.Blob(1), row.Text(2), (ApiScope)row.Int32(3), DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(4)),
                row.IsNull(5) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(5)))
            {
                LastUsedAt = row.IsNull(6) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(6)),
                ExpiresAt = row.IsNull(7) ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.Int64(7)),
            });
        }

        return keys;
    }
}
