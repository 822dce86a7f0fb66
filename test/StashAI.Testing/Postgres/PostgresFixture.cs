using Microsoft.Extensions.Logging.Abstractions;
using StashAI.Storage.Migrations;
using StashAI.Storage.Postgres;
using StashAI.Storage.Postgres.Database;
using Xunit;
using Xunit.v3;

namespace StashAI.Testing.Postgres;

/// <summary>
/// One private cluster for a test assembly, started when the first test asks for it. Use it with
/// <c>[assembly: AssemblyFixture(typeof(PostgresFixture))]</c>.
/// </summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly SemaphoreSlim starting = new(1);
    private readonly Dictionary<string, PgBouncer> poolers = [];
    private PrivatePostgres? cluster;
    private PostgresDatabase? migrated;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A new, empty database of the shared cluster; skips the running test where PostgreSQL is not installed.</summary>
    public async Task<PostgresDatabase> CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        var cluster = await ClusterAsync(cancellationToken);
        return await cluster.CreateDatabaseAsync(cancellationToken);
    }

    /// <summary>
    /// A new database with the schema of the queue, of which the first is migrated and all others are copies: that takes a fraction of
    /// the time of the migrations. Skips the running test where PostgreSQL is not installed.
    /// </summary>
    public async Task<PostgresDatabase> CreateQueueAsync(CancellationToken cancellationToken)
    {
        var cluster = await ClusterAsync(cancellationToken);
        await starting.WaitAsync(cancellationToken);
        try
        {
            migrated ??= await MigrateAsync(await cluster.CreateDatabaseAsync(cancellationToken));
        }
        finally
        {
            starting.Release();
        }

        return await cluster.CreateDatabaseAsync(cancellationToken, migrated);
    }

    /// <summary>The shared cluster; skips the running test where PostgreSQL is not installed.</summary>
    public async Task<PrivatePostgres> ClusterAsync(CancellationToken cancellationToken)
    {
        await starting.WaitAsync(cancellationToken);
        try
        {
            return cluster ??= await StartOrSkipAsync(cancellationToken);
        }
        finally
        {
            starting.Release();
        }
    }

    /// <summary>A shared PgBouncer before the cluster, in one of its modes; skips the running test where it is not installed.</summary>
    public async Task<PgBouncer> PoolerAsync(string mode, CancellationToken cancellationToken)
    {
        var cluster = await ClusterAsync(cancellationToken);
        Assert.SkipUnless(PgBouncer.IsInstalled, "PgBouncer is not installed: on Debian and Ubuntu ./test.sh installs it.");
        await starting.WaitAsync(cancellationToken);
        try
        {
            if (!poolers.TryGetValue(mode, out var pooler))
            {
                poolers.Add(
                    mode, pooler = await PgBouncer.StartAsync(cluster, [$"pool_mode={mode}", "default_pool_size=8"], cancellationToken));
            }

            return pooler;
        }
        finally
        {
            starting.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pooler in poolers.Values) await pooler.DisposeAsync();
        if (cluster is not null)
        {
            await cluster.DisposeAsync();
        }

        starting.Dispose();
    }

    private static async Task<PostgresDatabase> MigrateAsync(PostgresDatabase empty)
    {
        await using var queue = new StashAI.Storage.Postgres.Database.PostgresDatabase(new PostgresSettings { Url = empty.Url });
        PostgresMigrator.Migrate(queue, MigrationScripts.Postgres, NullLogger.Instance);
        return empty;
    }

    private static async Task<PrivatePostgres> StartOrSkipAsync(CancellationToken cancellationToken)
    {
        if (PostgresInstallation.Find() is not { } installation)
        {
            Assert.Skip("PostgreSQL is not installed: on Debian and Ubuntu ./test.sh installs it.");
            throw new InvalidOperationException("Skipping a test throws.");
        }

        return await PrivatePostgres.StartAsync(installation, cancellationToken);
    }
}
