using StashAI.Queue.Store;
using StashAI.Server.Backups;
using StashAI.Server.Exits;
using StashAI.Server.Options;
using StashAI.Storage.Postgres;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Sqlite;
using StashAI.Storage.Sqlite.Database;

namespace StashAI.Server.Hosting;

/// <summary>The location of the queue: a PostgreSQL database or a SQLite file.</summary>
internal sealed class QueueDatabase(string path, DatabaseServer? server, LogLevel logLevel, PayloadStore? payloads = null)
{
    /// <summary>The name for people: the file, or <c>host:port/database</c>.</summary>
    public string Name => server?.Name ?? path;

    /// <summary>The files of the database; none for PostgreSQL.</summary>
    public IEnumerable<string> Files =>
        (server is null ? [path, path + "-wal", path + "-shm", path + "-payloads"] : Enumerable.Empty<string>())
        .Concat(payloads?.Folder is { } folder ? [folder] : []);

    /// <summary>Opens an existing database, so that a misspelt path does not create an empty one.</summary>
    public Task<IQueueStore> OpenExistingAsync(CancellationToken cancellationToken) => server is not null || File.Exists(path)
        ? OpenAsync(cancellationToken)
        : throw new UsageException(
            $"There is no queue at {path}: check --data, DATA_DIR and QUEUE_DB_PATH. The first start of stashai serve makes one.");

    /// <summary>Opens the database and migrates it to this version's schema. Errors are one sentence.</summary>
    public async Task<IQueueStore> OpenAsync(CancellationToken cancellationToken)
    {
        if (server is null && RestoreTarget.Refusal(path) is { } refusal) throw new StartException(refusal);
        // The host and its logging need the open store.
        using var loggers = LoggerFactory.Create(logging => logging.AddStashAILogging(logLevel));
        var logger = loggers.CreateLogger("StashAI.Storage");
        try
        {
            return server is null
                ? await SqliteStore.OpenAsync(
                    new SqliteSettings
                    {
                        Path = path,
                        Logger = logger,
                        UsesPayloadFiles = payloads is not { InFiles: false },
                        PayloadFolder = payloads?.Folder,
                        PayloadBucket = payloads?.Bucket,
                    },
                    cancellationToken)
                : await PostgresStore.OpenAsync(
                    new PostgresSettings
                    {
                        Url = server.Url,
                        Logger = logger,
                        PayloadFolder = payloads?.Folder,
                        PayloadBucket = payloads?.Bucket,
                    },
                    cancellationToken);
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
