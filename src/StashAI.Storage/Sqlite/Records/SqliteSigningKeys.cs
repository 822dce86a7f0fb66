using StashAI.Queue.Store;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Storage.Sqlite.Records;

/// <summary>The keys for signing links.</summary>
internal sealed class SqliteSigningKeys(SqliteReaders readers) : ISigningKeys
{
    private const string Find = "SELECT key FROM signing_keys WHERE name = ?1";

    public Task<byte[]> ReadSigningKeyAsync(string name, CancellationToken cancellationToken) => readers.ReadAsync(
        session =>
        {
            var row = session.Use(Find).Bind(1, name);
            return row.Step() ? row.Blob(0) : throw new InvalidOperationException($"The database has no signing key named {name}.");
        },
        cancellationToken);
}
