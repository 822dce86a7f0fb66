using Microsoft.Data.Sqlite;
using StashAI.EndToEnd.Tests.Gateway;
using StashAI.Testing.Files;
using StashAI.Testing.Postgres;
using StashAI.Testing.ScriptedServices;

namespace StashAI.EndToEnd.Tests.Databases;

/// <summary>
/// The database breaks under load and comes back (C-17): small jobs run without it, the rest is refused, nothing unsaved is called
/// accepted, and the queue is taken up again by itself.
/// </summary>
public sealed class BrokenDatabaseTests(PostgresFixture postgres)
{
    private static readonly (string, string) FewItems = ("DIRECT_MAX_ITEMS", "5");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_disk_is_full()
    {
        await using var disk = await SmallDisk.MountAsync(24, Cancellation);
        await using var gateway = await ServedGateway.StartAsync(
            workers: 2, settings: [("QUEUE_DB_PATH", disk.File("queue.db")), FewItems]);
        IDisposable? ballast = null;
        var answers = await BreakAsync(
            gateway,
            () =>
            {
                ballast = disk.Fill();
                return Task.CompletedTask;
            },
            () =>
            {
                ballast!.Dispose();
                return Task.CompletedTask;
            });

        Assert.Contains(answers, answer => answer is { Status: 507, Kind: DatabaseLoad.Kind.Large });
    }

    [Fact]
    public async Task Another_process_holds_it_locked()
    {
        await using var gateway = await ServedGateway.StartAsync(workers: 2, settings: [FewItems]);
        await using var other = new SqliteConnection($"Data Source={Path.Combine(gateway.Folder, "data", "queue.db")};Pooling=False");
        await other.OpenAsync(Cancellation);
        var answers = await BreakAsync(gateway, () => RunAsync(other, "BEGIN EXCLUSIVE"), () => RunAsync(other, "ROLLBACK"));

        Assert.DoesNotContain(answers, answer => answer.Status == 507);
    }

    [Fact]
    public async Task Its_file_becomes_read_only()
    {
        await ImmutableFiles.RequireAsync(Cancellation);
        await using var gateway = await ServedGateway.StartAsync(workers: 2, settings: [FewItems]);
        var files = ((string[])["queue.db", "queue.db-wal"]).Select(name => Path.Combine(gateway.Folder, "data", name));
        ImmutableFiles? frozen = null;
        try
        {
            var answers = await BreakAsync(
                gateway,
                async () => frozen = await ImmutableFiles.FreezeAsync(files, Cancellation),
                async () => await frozen!.DisposeAsync());

            Assert.DoesNotContain(answers, answer => answer.Status == 507);
        }
        finally
        {
            if (frozen is not null) await frozen.DisposeAsync();
        }
    }

    [Fact]
    public async Task It_becomes_read_only()
    {
        var cluster = await postgres.ClusterAsync(Cancellation);
        var database = await postgres.CreateDatabaseAsync(Cancellation);
        await using var gateway = await ServedGateway.StartAsync(workers: 2, database: database, settings: [FewItems]);

        await BreakAsync(gateway, () => SetAsync("on"), () => SetAsync("off"));

        // Sessions take the setting up when they begin.
        async Task SetAsync(string readOnly)
        {
            await cluster.QueryAsync(
                "postgres", $"ALTER DATABASE {database.Name} SET default_transaction_read_only = {readOnly}", Cancellation);
            await cluster.QueryAsync(
                "postgres", $"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database.Name}'", Cancellation);
        }
    }

    [Fact]
    public async Task Its_server_is_gone()
    {
        if (PostgresInstallation.Find() is not { } installation)
        {
            Assert.Skip("PostgreSQL is not installed: on Debian and Ubuntu ./test.sh installs it.");
            return;
        }

        // One of its own: the others' must not go away.
        await using var cluster = await PrivatePostgres.StartAsync(installation, Cancellation);
        var database = await cluster.CreateDatabaseAsync(Cancellation);
        await using var gateway = await ServedGateway.StartAsync(workers: 2, database: database, settings: [FewItems]);

        await BreakAsync(gateway, cluster.CrashAsync, () => cluster.StartAgainAsync(Cancellation));
    }

    private static async Task<IReadOnlyList<DatabaseLoad.Answer>> BreakAsync(ServedGateway gateway, Func<Task> breakIt, Func<Task> mend)
    {
        gateway.Visage.Script = call => Reply.Json($$"""{"is":"{{call.Item}}"}""");
        await using var load = DatabaseLoad.Start(gateway);
        await load.UntilAsync(answer => answer.IsDurable, 20);

        await breakIt();
        await Task.WhenAll(
            load.UntilAsync(answer => answer.IsUnkept, 3),
            load.UntilAsync(answer => answer is { IsRefused: true, Kind: DatabaseLoad.Kind.Large }),
            load.UntilAsync(answer => answer is { IsRefused: true, Kind: DatabaseLoad.Kind.Interaction or DatabaseLoad.Kind.Session }));

        await mend();
        await Task.WhenAll(
            load.UntilAsync(answer => answer is { IsDurable: true, Kind: DatabaseLoad.Kind.Large }),
            load.UntilAsync(answer => answer is { IsDurable: true, Kind: DatabaseLoad.Kind.Small }, 4),
            load.UntilAsync(answer => answer is { IsDurable: true, Kind: DatabaseLoad.Kind.Interaction or DatabaseLoad.Kind.Session }));
        return await load.EndAsync();
    }

    private static async Task RunAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync(Cancellation);
    }
}
