using StashAI.Queue.Store;
using StashAI.Storage.Postgres;
using StashAI.Storage.Sqlite;
using StashAI.Testing.Postgres;

namespace StashAI.Bench.Load;

/// <summary>Where the drains keep their queue: an own SQLite file or PostgreSQL database each, or one database that is given.</summary>
internal sealed class LoadDatabases : IAsyncDisposable
{
    private readonly LoadPlan plan;
    private readonly PrivatePostgres? postgres;

    private LoadDatabases(LoadPlan plan, PrivatePostgres? postgres)
    {
        this.plan = plan;
        this.postgres = postgres;
    }

    public static async Task<LoadDatabases> OpenAsync(LoadPlan plan, CancellationToken cancellationToken)
    {
        if (!plan.StartsPostgres) return new LoadDatabases(plan, null);
        var installation = PostgresInstallation.Find() ?? throw new InvalidOperationException("PostgreSQL is not installed.");
        return new LoadDatabases(plan, await PrivatePostgres.StartAsync(installation, cancellationToken, isDurable: true));
    }

    /// <summary>A store; a SQLite file is put into <paramref name="folder"/>.</summary>
    public async Task<IQueueStore> OpenStoreAsync(string folder, CancellationToken cancellationToken)
    {
        var url = postgres is null ? plan.Database : (await postgres.CreateDatabaseAsync(cancellationToken)).Url;
        return url is null
            ? await SqliteStore.OpenAsync(new SqliteSettings { Path = Path.Combine(folder, "queue.db") }, cancellationToken)
            : await PostgresStore.OpenAsync(new PostgresSettings { Url = url }, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (postgres is not null) await postgres.DisposeAsync();
    }
}
