using StashAI.Queue.Store;
using StashAI.Server.Exits;
using StashAI.Server.Options;
using StashAI.Storage.Postgres;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Sqlite;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Server.Hosting;

/// <summary>Where the queue is: a PostgreSQL database, or a SQLite file.</summary>
internal sealed class QueueDatabase(string path, DatabaseServer? server, LogLevel logLevel)
{
    /// <summary>For people: the file, or `host:port/database`.</summary>
    public string Name => server?.Name ?? path;

    /// <summary>The files that hold it; none where it is PostgreSQL's.</summary>
    public IEnumerable<string> Files => server is null ? [path, path + "-wal", path + "-shm"] : [];

    /// <summary>Opens a database that must be there already, so that a misspelt path makes no empty one.</summary>
    public Task<IQueueStore> OpenExistingAsync(CancellationToken cancellationToken) => server is not null || File.Exists(path)
        ? OpenAsync(cancellationToken)
        : throw new UsageException($"There is no queue at {path}: check --data, DATA_DIR and QUEUE_DB_PATH.");

    /// <summary>Opens it and brings it to this version's schema. A failure is one sentence.</summary>
    public async Task<IQueueStore> OpenAsync(CancellationToken cancellationToken)
    {
        // The host with its logging is built on the open store.
        using var loggers = LoggerFactory.Create(logging => logging.AddStashAILogging(logLevel));
        var logger = loggers.CreateLogger("StashAI.Storage");
        try
        {
            return server is null
                ? await SqliteStore.OpenAsync(new SqliteSettings { Path = path, Logger = logger }, cancellationToken)
                : await PostgresStore.OpenAsync(new PostgresSettings { Url = server.Url, Logger = logger }, cancellationToken);
        }
        catch (StoreOpenException exception) when (exception.IsSetting)
        {
            throw new UsageException(exception.Message);
        }
        catch (Exception exception) when (exception is StoreOpenException or SchemaTooNewException or NotSupportedException)
        {
            throw new StartException(exception.Message, exception);
        }
    }
}
