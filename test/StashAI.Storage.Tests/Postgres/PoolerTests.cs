using System.Net;
using System.Net.Sockets;
using Npgsql;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Storage.Migrations;
using StashAI.Storage.Postgres;
using StashAI.Storage.Postgres.Database;
using StashAI.Testing.Postgres;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Postgres;

/// <summary>
/// A PgBouncer as it comes before the server: in session mode all is as without; in transaction mode nothing of a session is relied on.
/// </summary>
public sealed class PoolerTests(PostgresFixture postgres)
{
    private const string Shown = """
        SELECT concat_ws(' ', current_setting('lock_timeout'), current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout'),
            current_setting('enable_seqscan'), current_setting('plan_cache_mode'), current_setting('jit'))
        """;

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("session", false)]
    [InlineData("transaction", true)]
    public async Task A_poolers_mode_is_found_out_and_a_queue_runs_through_it(string mode, bool isShared)
    {
        await using var host = new PostgresHost(postgres, mode, isEmpty: true);
        var url = await host.UrlAsync(Cancellation);
        await using (var store = await OpenAsync(url))
        {
            var node = store.Nodes.Register("one", Lease);
            var job = await store.EnqueueAsync(node, 50, null, Cancellation);
            for (var done = 0; done < 50;)
            {
                var tasks = (await store.Work.ClaimAsync(node, 7, 0, [TestJobs.Service], Cancellation)).Tasks;
                Assert.NotEmpty(tasks);
                await store.Work.ApplyAsync(
                    node,
                    [.. tasks.Select(task => new AttemptResult
                    {
                        Task = task,
                        Event = TaskEvent.Succeed,
                        Output = "{}"u8.ToArray(),
                        Call = new CallReport(200),
                        Duration = Lease,
                    })],
                    Cancellation);
                Assert.True(store.Nodes.Renew(node, Lease).Alive);
                done += tasks.Count;
            }

            Assert.Equal(JobState.Completed, (await store.Read.FindJobsAsync([job.Key], Cancellation))[0].State);
        }

        await using var plain = new StashAI.Storage.Postgres.Database.PostgresDatabase(new PostgresSettings { Url = url });
        await using var connection = await plain.OpenPlain().OpenConnectionAsync(Cancellation);
        Assert.Equal(isShared, PostgresPooling.GivesTransactionsOtherSessions(connection, plain.OpenPlain()));
        host.Verify();
    }

    [Theory]
    [InlineData("session", "")]
    [InlineData("transaction", "")]
    [InlineData("transaction", "?pgbouncer=true")]
    public async Task Every_transaction_has_the_settings_and_nothing_stays_behind_in_a_shared_session(string mode, string parameters)
    {
        await using var host = new PostgresHost(postgres, mode, isEmpty: true);
        await (await host.OpenAsync(TimeProvider.System, Cancellation)).DisposeAsync();
        var url = await host.UrlAsync(Cancellation) + parameters;
        await using var database = new StashAI.Storage.Postgres.Database.PostgresDatabase(new PostgresSettings { Url = url })
        {
            HasTransactionPooling = mode == "transaction",
        };
        for (var i = 0; i < 5; i++)
        {
            await using var session = await database.OpenAsync(Cancellation);
            Assert.Equal("20s 1min 10s off force_generic_plan off", await ReadAsync(session.Batch().Add(Shown)));
            // In the same transaction, and after it.
            await using (var begin = session.Batch().Add(PostgresBatch.Begin)) await begin.RunAsync(Cancellation);
            Assert.Equal("20s 1min 10s off force_generic_plan off", await ReadAsync(session.Batch().Add(Shown)));
            await using (var commit = session.Batch().Add(PostgresBatch.Commit)) await commit.RunAsync(Cancellation);
        }

        if (mode != "transaction") return;
        await using var other = NpgsqlDataSource.Create(PostgresUrl.Parse(url).ConnectionString + ";Pooling=false");
        await using var look = other.CreateCommand(Shown);
        Assert.Equal("0 0 0 on auto on", await look.ExecuteScalarAsync(Cancellation));
        await using var prepared = other.CreateCommand("SELECT COUNT(*) FROM pg_prepared_statements");
        Assert.Equal(0L, await prepared.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task Stores_migrate_an_empty_database_once_through_a_pooler()
    {
        await using var host = new PostgresHost(postgres, "transaction", isEmpty: true);

        var stores = await Task.WhenAll(
            Enumerable.Range(0, 3).Select(_ => Task.Run(() => host.OpenAsync(TimeProvider.System, Cancellation), Cancellation)));

        foreach (var store in stores) await store.DisposeAsync();
        Assert.Equal(
            (long)StashAI.Storage.Migrations.MigrationScripts.Postgres.Count, host.Scalar($"SELECT COUNT(*) FROM {PostgresJournal.Table}"));
    }

    [Fact]
    public async Task A_schema_of_its_own_holds_through_a_pooler()
    {
        await using var host = new PostgresHost(postgres, "transaction", isEmpty: true);
        await host.CreateAsync(Cancellation);
        host.Scalar("CREATE SCHEMA a; CREATE SCHEMA b");
        foreach (var schema in new[] { "a", "b" })
        {
            await using var store = await OpenAsync($"{await host.UrlAsync(Cancellation)}?search_path={schema}");
            var node = store.Nodes.Register(schema, Lease);
            await store.EnqueueAsync(node, 2, null, Cancellation);
            Assert.Equal(2, (await store.Work.ClaimAsync(node, 5, 0, [TestJobs.Service], Cancellation)).Tasks.Count);
        }

        Assert.Equal("a b", host.Scalar("SELECT (SELECT name FROM a.nodes) || ' ' || (SELECT name FROM b.nodes)"));
    }

    [Fact]
    public async Task A_mode_without_transactions_and_a_refused_parameter_are_named()
    {
        await using var host = new PostgresHost(postgres, "statement", isEmpty: true);
        var statement = await Assert.ThrowsAsync<StoreOpenException>(() => host.OpenAsync(TimeProvider.System, Cancellation));
        Assert.Contains("pool_mode", statement.Message, StringComparison.Ordinal);
        Assert.True(statement.IsSetting);

        await using var session = new PostgresHost(postgres, "session", isEmpty: true);
        var url = await session.UrlAsync(Cancellation) + "?options=endpoint%3Dx";
        var refused = await Assert.ThrowsAsync<StoreOpenException>(
            () => PostgresStore.OpenAsync(new PostgresSettings { Url = url }, Cancellation));
        Assert.Contains("ignore_startup_parameters", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Transactions_of_another_level_are_refused_where_they_cannot_be_set()
    {
        await using var host = new PostgresHost(postgres, "transaction", isEmpty: true);
        var name = (await host.CreateAsync(Cancellation)).Name;
        host.Scalar($"ALTER DATABASE {name} SET default_transaction_isolation = 'repeatable read'");

        var refused = await Assert.ThrowsAsync<StoreOpenException>(() => host.OpenAsync(TimeProvider.System, Cancellation));

        Assert.Contains("'repeatable read'", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_hosts_the_one_that_takes_writes_is_used()
    {
        await using var host = new PostgresHost(postgres, isEmpty: true);
        var database = await host.CreateAsync(Cancellation);
        var cluster = await postgres.ClusterAsync(Cancellation);
        using var nobody = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        // Bound and not listening: connections are refused.
        nobody.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        var gone = ((IPEndPoint)nobody.LocalEndPoint!).Port;
        var url = $"postgres://postgres@127.0.0.1:{gone},127.0.0.1:{cluster.Port}/{database.Name}?target_session_attrs=read-write";

        await using var store = await OpenAsync(url);

        var node = store.Nodes.Register("one", Lease);
        Assert.True(store.Nodes.Renew(node, Lease).Alive);
        await store.Read.PingAsync(Cancellation);
        var refused = await Assert.ThrowsAsync<StoreOpenException>(
            () => PostgresStore.OpenAsync(
                new PostgresSettings { Url = $"postgres://postgres@127.0.0.1:{gone},127.0.0.1:{gone}/x" }, Cancellation));
        Assert.Contains("refused", refused.Message, StringComparison.OrdinalIgnoreCase);
        Assert.False(refused.IsSetting);
    }

    private static async Task<IQueueStore> OpenAsync(string url) =>
        await PostgresStore.OpenAsync(new PostgresSettings { Url = url }, Cancellation);

    private static async Task<string> ReadAsync(PostgresBatch batch)
    {
        await using var _ = batch;
        await using var rows = await batch.ReadAsync(Cancellation);
        await rows.ReadAsync(Cancellation);
        return rows.GetString(0);
    }
}
