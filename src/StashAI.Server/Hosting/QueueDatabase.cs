using StashAI.Queue.Store;
using StashAI.Server.Cli;
using StashAI.Storage.Postgres;
using StashAI.Storage.Sqlite;

namespace StashAI.Server.Hosting;

/// <summary>Where the queue is: a PostgreSQL database, or a SQLite file.</summary>
internal sealed class QueueDatabase(string path, DatabaseServer? server)
{
    /// <summary>For people: the file, or `host:port/database`.</summary>
    public string Name => server?.Name ?? path;

    /// <summary>Opens it and brings it to this version's schema. A failure is one sentence.</summary>
    public async Task<IQueueStore> OpenAsync(CancellationToken cancellationToken)
    {
        try
        {
            return server is null
                ? await SqliteStore.OpenAsync(new SqliteSettings { Path = path }, cancellationToken)
                : await PostgresStore.OpenAsync(new PostgresSettings { Url = server.Url }, cancellationToken);
        }
        catch (StoreOpenException error) when (error.IsSetting)
        {
            throw new UsageException(error.Message);
        }
        catch (Exception error) when (error is StoreOpenException or SchemaTooNewException or NotSupportedException)
        {
            throw new StartException(error.Message, error);
        }
    }
}
