using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using StashAI.Queue.Store;
using StashAI.Storage.Postgres;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Sqlite;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Bench.Load;

/// <summary>One database of a run.</summary>
/// <param name="Url">`postgres://...`, or null for the file.</param>
/// <param name="File">The SQLite file.</param>
internal sealed record LoadDatabase(string? Url, string File)
{
    public bool IsPostgres => Url is not null;

    public async Task<IQueueStore> OpenStoreAsync(CancellationToken cancellationToken) => Url is null
        ? await SqliteStore.OpenAsync(new SqliteSettings { Path = File }, cancellationToken)
        : await PostgresStore.OpenAsync(new PostgresSettings { Url = Url }, cancellationToken);

    /// <summary>A connection beside the store.</summary>
    public async Task<DbConnection> ConnectAsync(CancellationToken cancellationToken)
    {
        DbConnection connection = Url is null
            ? new SqliteConnection($"Data Source={File};Pooling=False")
            : new NpgsqlConnection(PostgresUrl.Parse(Url).ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }
}
