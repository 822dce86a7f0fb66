using StashAI.Queue.Store;
using StashAI.Storage.Postgres.Database;
using static StashAI.Storage.Postgres.Database.PostgresBatch;

namespace StashAI.Storage.Postgres.Records;

/// <summary>The keys for signing links.</summary>
internal sealed class PostgresSigningKeys(PostgresDatabase database) : ISigningKeys
{
    private const string Find = "SELECT key FROM signing_keys WHERE name = $1";

    public async Task<byte[]> ReadSigningKeyAsync(string name, CancellationToken cancellationToken)
    {
        await using var session = await database.OpenAsync(cancellationToken);
        await using var batch = session.Batch().Add(Find, Text(name));
        return await PostgresRows.ListAsync(batch, row => row.GetFieldValue<byte[]>(0), cancellationToken) is [var key]
            ? key
            : throw new InvalidOperationException($"The database has no signing key named {name}.");
    }
}
