using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Nodes;
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

/// <summary>What is PostgreSQL's own: HOT updates, migrations, text that it cannot keep, sessions that end in the middle.</summary>
public sealed class PostgresStoreTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);
    private readonly PostgresHost host = new(postgres, isEmpty: true);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        host.Verify();
        await host.DisposeAsync();
    }

    [Fact]
    public async Task A_task_that_runs_and_completes_writes_no_index_entry_of_its_row()
    {
        await using var store = await OpenAsync();
        var node = store.Nodes.Register("one", Lease);
        // Room for every version, so that nothing depends on when the server cleans a page up.
        host.Scalar("ALTER TABLE queue_tasks SET (fillfactor = 10)");
        await store.EnqueueAsync(node, 300, null, Cancellation);
        for (var i = 0; i < 10; i++)
        {
            var batch = await store.Work.ClaimAsync(node, 30, 0, [TestJobs.Service], Cancellation);
            await store.Work.ApplyAsync(node, [.. batch.Tasks.Select(Done)], Cancellation);
        }

        await store.DisposeAsync();
        // A backend reports its counts when it ends, a moment after the connection is closed.
        var counts = "";
        for (var tries = 0; tries < 1000 && counts != "600|600"; tries++)
        {
            counts = (string)host.Scalar(
                "SELECT pg_stat_clear_snapshot()::text || n_tup_upd || '|' || n_tup_hot_upd FROM "
                + "pg_stat_user_tables WHERE relname = 'queue_tasks'")!;
        }

        Assert.Equal("600|600", counts);
    }

    [Fact]
    public async Task The_rule_for_a_jobs_state_in_sql_is_that_of_the_state_machine()
    {
        await using var store = await OpenAsync();
        var node = store.Nodes.Register("one", Lease);
        // What is to become of each of three tasks; the order in which it happens is that of the digits.
        for (var story = 0; story < 125; story++)
        {
            var job = await store.EnqueueAsync(node, 3, TestJobs.Job with { Priority = 5 }, Cancellation);
            var tasks = (await store.Work.ClaimAsync(node, 3, 0, [TestJobs.Service], Cancellation)).Tasks;
            for (int i = 0, digits = story; i < 3; i++, digits /= 5)
            {
                TaskEvent how = (digits % 5) switch
                {
                    0 => TaskEvent.Succeed,
                    1 => TaskEvent.Fail,
                    2 => TaskEvent.Abort,
                    3 => TaskEvent.RetryLater,
                    _ => TaskEvent.Release,
                };
                var result = Done(tasks[i]) with { Event = how, Delay = TimeSpan.FromDays(1) };
                var change = Assert.Single((await store.Work.ApplyAsync(node, [result], Cancellation)).Changes.Jobs);
                var view = (await store.Read.FindJobsAsync([job.Key], Cancellation))[0];
                Assert.Equal(JobStateMachine.From(view.Counters, started: true), view.State);
                Assert.Equal((view.State, view.Version), (change.After, change.Version));
            }

            await store.Control.CancelJobAsync(job.Key, Cancellation);
        }
    }

    [Fact]
    public async Task Text_that_the_server_cannot_keep_is_kept_as_far_as_it_can()
    {
        await using var store = await OpenAsync();
        var node = store.Nodes.Register("one", Lease);
        await using var upload = store.OpenUpload(node);
        upload.BeginTask();
        upload.BeginPayload("image", "data:\0;base64,");
        upload.EndPayload();
        await upload.EndTaskAsync("{}"u8.ToArray(), Cancellation);
        var job = await upload.CommitAsync(TestJobs.Job with { Name = "a\0b\ud800c😀", UserId = "\0" }, Cancellation);
        var task = (await store.Work.ClaimAsync(node, 1, 0, [TestJobs.Service], Cancellation)).Tasks[0];
        await store.Work.ApplyAsync(
            node,
            [Done(task) with { Event = TaskEvent.Fail, ErrorMessage = "broken\0", Call = new CallReport(500, "\udc00\0") }],
            Cancellation);

        Assert.Equal("a\ufffdb\ufffdc😀", (await store.Read.FindJobsAsync([job.Key], Cancellation))[0].Name);
        Assert.Equal("broken\ufffd", (await store.Read.FindTasksAsync([task.Key], false, Cancellation))[0].ErrorMessage);
        Assert.Equal("data:\ufffd;base64,", task.Payloads[0].DataUrlPrefix);
    }

    [Fact]
    public async Task Stores_that_open_an_empty_database_at_once_migrate_it_once()
    {
        var stores = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(OpenAsync, Cancellation)));

        foreach (var store in stores) await store.DisposeAsync();
        Assert.Equal(
            (long)StashAI.Storage.Migrations.MigrationScripts.Postgres.Count, host.Scalar("SELECT COUNT(*) FROM stashai_schemaversions"));
    }

    [Fact]
    public async Task A_database_of_a_newer_program_is_refused()
    {
        await (await OpenAsync()).DisposeAsync();
        host.Scalar(
            "INSERT INTO stashai_schemaversions (scriptname, applied) VALUES "
            + "('StashAI.Storage.Migrations.Postgres.9999_future.sql', now())");

        var error = await Assert.ThrowsAsync<SchemaTooNewException>(OpenAsync);

        Assert.Contains("9999_future.sql", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Claims_and_heartbeats_go_on_when_the_server_ended_their_connections()
    {
        await using var store = await OpenAsync();
        var node = store.Nodes.Register("one", Lease);
        await store.EnqueueAsync(node, 2, null, Cancellation);
        Assert.Single((await store.Work.ClaimAsync(node, 1, 0, [TestJobs.Service], Cancellation)).Tasks);
        host.Scalar(
            "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");

        // The first use of a connection that is gone fails; the next opens another.
        Assert.ThrowsAny<Exception>(() => store.Nodes.Renew(node, Lease));
        Assert.True(store.Nodes.Renew(node, Lease).Alive);
        await Assert.ThrowsAnyAsync<Exception>(() => store.Work.ClaimAsync(node, 1, 0, [TestJobs.Service], Cancellation));
        Assert.Single((await store.Work.ClaimAsync(node, 1, 0, [TestJobs.Service], Cancellation)).Tasks);
    }

    [Fact]
    public async Task The_servers_clock_decides_when_no_other_is_set()
    {
        await using var store = await OpenAsync();
        var node = store.Nodes.Register("one", TimeSpan.FromMilliseconds(1));

        var until = (long)host.Scalar($"SELECT lease_until FROM nodes WHERE id = {node}")!;

        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        Assert.InRange(until, now - 60_000, now + 60_000);
    }

    [Fact]
    public async Task A_transaction_that_somebody_leaves_open_is_found_with_its_holder()
    {
        await using var store = await PostgresStore.OpenAsync(
            new PostgresSettings { Url = (await host.CreateAsync(Cancellation)).Url }, Cancellation);
        await using var other = host.Connect();
        await using var begin = new Npgsql.NpgsqlCommand("BEGIN; SELECT pg_current_xact_id(); SELECT pg_backend_pid()", other);
        await begin.ExecuteNonQueryAsync(Cancellation);

        var health = await store.Check.CheckAsync(Cancellation);

        Assert.Equal($"Session {other.ProcessID}", health.OldestHolder);
        Assert.True(health.OldestTransaction >= TimeSpan.Zero);
        Assert.NotNull(health.Table);
    }

    [Fact]
    public async Task No_session_of_the_store_can_hold_locks_or_wait_for_ever()
    {
        await (await OpenAsync()).DisposeAsync();
        await using var database = new StashAI.Storage.Postgres.Database.PostgresDatabase(
            new PostgresSettings { Url = (await host.CreateAsync(Cancellation)).Url });
        await using var connection = await database.OpenListenerAsync(Cancellation);
        await using var show = new Npgsql.NpgsqlCommand(
            "SELECT current_setting('idle_in_transaction_session_timeout') || current_setting('lock_timeout') || "
            + "current_setting('statement_timeout') || current_setting('synchronous_commit')",
            connection);

        Assert.Equal("10s20s1minon", await show.ExecuteScalarAsync(Cancellation));
    }

    [Fact]
    public async Task Hints_reach_other_processes_come_back_after_a_break_and_carry_nothing_else()
    {
        await using var one = await PostgresStore.OpenAsync(
            new PostgresSettings { Url = (await host.CreateAsync(Cancellation)).Url }, Cancellation);
        await using var two = await PostgresStore.OpenAsync(
            new PostgresSettings { Url = (await host.CreateAsync(Cancellation)).Url }, Cancellation);
        var heard = System.Threading.Channels.Channel.CreateUnbounded<Hint>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var listening = two.Hints.ListenAsync(hint => heard.Writer.TryWrite(hint), stop.Token);
        Assert.Null((await heard.Reader.ReadAsync(Cancellation)).Jobs);

        await two.Hints.SendAsync(new Hint(true, [1]), Cancellation);
        host.Scalar(
            "SELECT pg_notify('stashai_queue', 'nonsense'), pg_notify('stashai_queue', 'x;1;y'), pg_notify('stashai_queue', 'x;2;1')");
        await one.Hints.SendAsync(new Hint(false, [12, 3456789012345]), Cancellation);
        var hint = await heard.Reader.ReadAsync(Cancellation);
        Assert.Equal((false, "12,3456789012345"), (hint.HasWork, string.Join(',', hint.Jobs!)));

        host.Scalar(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND "
            + "application_name LIKE '%listener'");
        Assert.Equal(new Hint(true, null), await heard.Reader.ReadAsync(Cancellation));
        await one.Hints.SendAsync(new Hint(true, null), Cancellation);
        Assert.Equal(new Hint(true, null), await heard.Reader.ReadAsync(Cancellation));

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => listening);
    }

    private async Task<IQueueStore> OpenAsync() => await PostgresStore.OpenAsync(
        new PostgresSettings { Url = (await host.CreateAsync(Cancellation)).Url }, Cancellation);

    private static AttemptResult Done(ClaimedTask task) => new()
    {
        Task = task,
        Event = TaskEvent.Succeed,
        Output = "{}"u8.ToArray(),
        Call = new CallReport(200),
        Duration = TimeSpan.FromMilliseconds(1),
    };
}
