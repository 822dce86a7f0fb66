using StashAI.Queue.Model.Access;
using StashAI.Queue.Store;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Records;

/// <summary>API keys, stored as hashes and found by prefix.</summary>
internal sealed class PostgresApiKeys(PostgresDatabase database) : IApiKeys
{
    private const string Insert = """
        INSERT INTO api_keys (prefix, hash, name, scope, created_at, expires_at)
        SELECT $1::text, $2::bytea, $3::text, $4::smallint, stashai_now(), $5::bigint
        WHERE NOT EXISTS (SELECT 1 FROM api_keys WHERE name = $3) ON CONFLICT DO NOTHING
        """;

    private const string IsStored = """
        SELECT EXISTS (SELECT 1 FROM api_keys WHERE prefix = $1 AND hash = $2 AND name = $3 AND scope = $4 AND revoked_at IS NULL)
        """;

    private const string Select = """
        SELECT prefix, hash, name, scope, created_at, revoked_at, last_used_at, expires_at FROM api_keys ORDER BY id
        """;

    // Several processes may note the same use.
    private const string Touch = """
        UPDATE api_keys SET last_used_at = stashai_now()
        WHERE prefix = ANY ($1) AND (last_used_at IS NULL OR last_used_at <= stashai_now() - 60000)
        """;

    private const string RevokeKey = "UPDATE api_keys SET revoked_at = stashai_now() WHERE prefix = $1 AND revoked_at IS NULL RETURNING id";

    public async Task<bool> AddApiKeyAsync(
        string prefix, ReadOnlyMemory<byte> hash, string name, ApiScope scope, DateTimeOffset? expiresAt,
        CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        var bytes = hash.ToArray();
        await using var batch = session.Batch()
            .Add(Insert, Text(prefix), Value(bytes), Text(name), Value((short)scope), OrNull(expiresAt?.ToUnixTimeMilliseconds()))
            .Add(IsStored, Text(prefix), Value(bytes), Text(name), Value((short)scope));
        await using var rows = await batch.ReadAsync(CancellationToken.None);
        await rows.ReadAsync(CancellationToken.None);
        return rows.GetBoolean(0);
    }

    public async Task<IReadOnlyList<ApiKey>> ListApiKeysAsync(CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Select);
        await using var rows = await batch.ReadAsync(cancellationToken);
        var keys = new List<ApiKey>();
        while (await rows.ReadAsync(cancellationToken))
        {
            keys.Add(new ApiKey(
                rows.GetString(0), rows.GetFieldValue<byte[]>(1), rows.GetString(2), (ApiScope)rows.GetInt16(3),
                DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(4)),
                PostgresRows.Time(rows, 5))
            {
                LastUsedAt = PostgresRows.Time(rows, 6),
                ExpiresAt = PostgresRows.Time(rows, 7),
            });
        }

        return keys;
    }

    public async Task TouchApiKeysAsync(IReadOnlyCollection<string> prefixes, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Touch, Value(prefixes.ToArray()));
        await batch.RunAsync(CancellationToken.None);
    }

    public async Task<bool> RevokeApiKeyAsync(string prefix, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(RevokeKey, Text(prefix));
        await using var rows = await batch.ReadAsync(CancellationToken.None);
        return await rows.ReadAsync(CancellationToken.None);
    }
}
