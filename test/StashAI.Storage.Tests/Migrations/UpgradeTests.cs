using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Model.Work;
using StashAI.Queue.Policies;
using StashAI.Queue.Store;
using StashAI.Sdk;
using StashAI.Storage.Backups;
using StashAI.Storage.Migrations;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Sqlite.Database;
using StashAI.Storage.Tests.Postgres;
using StashAI.Storage.Tests.Sqlite;
using StashAI.Testing.Files;
using StashAI.Testing.Postgres;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Migrations;

/// <summary>
/// A database of every earlier version, with data in it, is brought to this version by two processes at once and works on.
/// </summary>
public sealed class UpgradeTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    // An hour after the process of that time wrote its last row.
    private readonly FakeTimeProvider clock = new(new DateTimeOffset(2031, 5, 1, 13, 0, 0, TimeSpan.Zero));

    public static TheoryData<string> SqliteVersions =>
        [.. MigrationScripts.Sqlite.Select(script => MigrationScripts.ShortName(script.Name))];

    public static TheoryData<string> PostgresVersions =>
        [.. MigrationScripts.Postgres.Select(script => MigrationScripts.ShortName(script.Name))];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(SqliteVersions))]
    public async Task A_sqlite_file_works_on(string version)
    {
        await using var host = new SqliteHost();
        var database = new SqliteDatabase(new SqliteSettings { Path = host.Path, Clock = clock });
        SqliteMigrator.Migrate(database, [MigrationScripts.Sqlite[0]], NullLogger.Instance);
        using (var connection = host.Connect()) EarlyData.Load(connection);
        SqliteMigrator.Migrate(database, UpTo(MigrationScripts.Sqlite, version), NullLogger.Instance);

        await CheckAsync(host.OpenAsync, host.Verify);
    }

    [Theory]
    [MemberData(nameof(SqliteVersions))]
    public async Task A_backup_of_a_sqlite_file_works_on(string version)
    {
        using var folder = new TempFolder();
        await using var old = new SqliteHost();
        var database = new SqliteDatabase(new SqliteSettings { Path = old.Path, Clock = clock });
        SqliteMigrator.Migrate(database, [MigrationScripts.Sqlite[0]], NullLogger.Instance);
        using (var connection = old.Connect()) EarlyData.Load(connection);
        SqliteMigrator.Migrate(database, UpTo(MigrationScripts.Sqlite, version), NullLogger.Instance);

        await using var source = SqliteBackupSource.Open(old.Path, null, null, clock);
        Assert.Equal(version, source.Schema);
        Assert.True(await source.SnapshotAsync(folder.File("queue.db"), null, Cancellation));
        await foreach (var payload in source.ListPayloadsAsync(Cancellation)) Assert.Fail($"{payload} is in no file.");

        Assert.Null(RestoredQueue.Refusal(folder.File("queue.db")));
        await using var host = new SqliteHost(await File.ReadAllBytesAsync(folder.File("queue.db"), Cancellation));
        await CheckAsync(host.OpenAsync, host.Verify);
    }

    [Fact]
    public async Task Ids_that_a_job_of_photos_listed_move_to_its_items()
    {
        await using var sqlite = new SqliteHost();
        var file = new SqliteDatabase(new SqliteSettings { Path = sqlite.Path, Clock = clock });
        SqliteMigrator.Migrate(file, UpTo(MigrationScripts.Sqlite, "0018_reruns.sql"), NullLogger.Instance);
        await using var host = new PostgresHost(postgres, isEmpty: true);
        await using var database = new StashAI.Storage.Postgres.Database.PostgresDatabase(
            new PostgresSettings { Url = (await host.CreateAsync(Cancellation)).Url, Clock = clock });
        PostgresMigrator.Migrate(database, UpTo(MigrationScripts.Postgres, "0018_reruns.sql"), NullLogger.Instance);
        const string Config = """{"threshold":0.5,"item_ids":["ann",7,null,"last"],"additional_params":{"item_ids":[1]}}""";
        const string Insert = "INSERT INTO queue_jobs (id, public_id, state, service, config, total, created_at, updated_at) VALUES ";
        const string Tasks = "INSERT INTO queue_tasks (id, state) VALUES (83886080, 0), (83886081, 0), (83886082, 0)";
        const string Read = "SELECT task_id - 83886080, item_id FROM task_inputs ORDER BY task_id";
        var expected = new[] { (0L, "\"ann\""), (1L, "7") };
        using (var connection = sqlite.Connect())
        {
            Run(connection, $"{Insert} (5, x'00112233445566778899aabbccddeeff', 0, 'visage', CAST('{Config}' AS BLOB), 3, 1, 1)");
            Run(connection, Tasks);
            SqliteMigrator.Migrate(file, MigrationScripts.Sqlite, NullLogger.Instance);
            Assert.Equal(expected, Rows(connection, Read));
        }

        using var other = host.Connect();
        Run(
            other,
            $"{Insert} (5, '00112233-4455-6677-8899-aabbccddeeff', 0, 'visage', convert_to('{Config}', 'UTF8'), 3, 1, 1)");
        Run(other, Tasks);
        PostgresMigrator.Migrate(database, MigrationScripts.Postgres, NullLogger.Instance);
        Assert.Equal(expected, Rows(other, Read));
    }

    [Fact]
    public async Task Jobs_of_photos_that_have_results_are_listed_to_be_read()
    {
        await using var sqlite = new SqliteHost();
        var file = new SqliteDatabase(new SqliteSettings { Path = sqlite.Path, Clock = clock });
        SqliteMigrator.Migrate(file, UpTo(MigrationScripts.Sqlite, "0025_rematches.sql"), NullLogger.Instance);
        await using var host = new PostgresHost(postgres, isEmpty: true);
        await using var database = new StashAI.Storage.Postgres.Database.PostgresDatabase(
            new PostgresSettings { Url = (await host.CreateAsync(Cancellation)).Url, Clock = clock });
        PostgresMigrator.Migrate(database, UpTo(MigrationScripts.Postgres, "0025_rematches.sql"), NullLogger.Instance);
        using var connection = sqlite.Connect();
        using var other = host.Connect();
        (string Service, string Type, int State, int Completed, bool IsListed)[] jobs =
        [
            ("visage", "face_identify", 2, 1, true), ("visage", "face_identify", 4, 0, false), ("visage", "face_identify", 0, 0, true),
            ("visage", "face_identify", 1, 1, true), ("visage", "face_identify", 6, 1, false), ("visage", "face_compare", 2, 1, false),
            ("echo", "face_identify", 2, 1, false), ("visage", "face_identify", 3, 5, true),
        ];
        foreach (var (index, job) in jobs.Index())
        {
            var values = $"'{job.Service}', '{job.Type}', {job.State}, {job.Completed}, 9, 1, 1)";
            const string Insert =
                "INSERT INTO queue_jobs (id, public_id, service, task_type, state, completed, total, created_at, updated_at) VALUES";
            Run(connection, $"{Insert} ({index + 1}, randomblob(16), {values}");
            Run(other, $"{Insert} ({index + 1}, gen_random_uuid(), {values}");
        }

        SqliteMigrator.Migrate(file, MigrationScripts.Sqlite, NullLogger.Instance);
        PostgresMigrator.Migrate(database, MigrationScripts.Postgres, NullLogger.Instance);

        const string Read = "SELECT job_id, CAST(next AS text) FROM subject_backlog ORDER BY job_id";
        var expected = jobs.Index().Where(job => job.Item.IsListed).Select(job => (job.Index + 1L, "0"));
        Assert.Equal(expected, Rows(connection, Read));
        Assert.Equal(expected, Rows(other, Read));
    }

    private static void Run(System.Data.Common.DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static List<(long, string)> Rows(System.Data.Common.DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        var read = new List<(long, string)>();
        while (rows.Read()) read.Add((rows.GetInt64(0), rows.GetString(1)));
        return read;
    }

    [Theory]
    [MemberData(nameof(PostgresVersions))]
    public async Task A_postgres_database_works_on(string version)
    {
        await using var host = new PostgresHost(postgres, isEmpty: true);
        await using var database = new StashAI.Storage.Postgres.Database.PostgresDatabase(
            new PostgresSettings { Url = (await host.CreateAsync(Cancellation)).Url, Clock = clock });
        PostgresMigrator.Migrate(database, [MigrationScripts.Postgres[0]], NullLogger.Instance);
        using (var connection = host.Connect()) EarlyData.Load(connection);
        PostgresMigrator.Migrate(database, UpTo(MigrationScripts.Postgres, version), NullLogger.Instance);

        await CheckAsync(host.OpenAsync, host.Verify);
    }

    [Fact]
    public void Both_databases_have_the_same_migrations() => Assert.Equal(
        MigrationScripts.Sqlite.Select(script => MigrationScripts.ShortName(script.Name)),
        MigrationScripts.Postgres.Select(script => MigrationScripts.ShortName(script.Name)));

    private static List<DbUp.Engine.SqlScript> UpTo(IReadOnlyList<DbUp.Engine.SqlScript> scripts, string version) =>
        [.. scripts.TakeWhile(script => string.CompareOrdinal(MigrationScripts.ShortName(script.Name), version) <= 0)];

    private async Task CheckAsync(Func<TimeProvider, CancellationToken, Task<IQueueStore>> openAsync, Action verify)
    {
        var both = await Task.WhenAll(
            Task.Run(() => openAsync(clock, Cancellation), Cancellation), Task.Run(() => openAsync(clock, Cancellation), Cancellation));
        await using var store = both[0];
        await both[1].DisposeAsync();
        verify();

        var jobs = (await store.Read.FindJobsAsync([.. Enumerable.Range(1, 8).Select(key => (long)key)], Cancellation))
            .ToDictionary(job => job.Name!);
        Assert.Equal(
            [
                "cancelled Cancelled", "completed Completed", "failed Failed", "later Pending", "partial Partial", "paused Pending",
                "pending Pending", "running Running",
            ],
            jobs.Values.Select(job => $"{job.Name} {job.State}").Order(StringComparer.Ordinal));
        Assert.Equal("broken", Assert.Single((await store.Read.FindJobAsync(jobs["partial"].JobId, Cancellation))!.Errors).Example);
        Assert.Equal("other", Assert.Single((await store.Read.ReadPausesAsync(Cancellation)).Services));
        var done = (await store.Read.ListTasksAsync(jobs["completed"].Key, 0, 2, true, Cancellation))[1];
        Assert.Equal((TaskState.Completed, "{\"ok\": 1}"), (done.State, Encoding.UTF8.GetString(done.Output.Span)));
        Assert.Equal(
            "broken", Assert.Single(await store.Read.ListAttemptsAsync(TaskKey.From(jobs["failed"].Key, 0), 9, Cancellation)).ErrorMessage);

        // The process of that time is gone: what it held is given back, what is due runs, and everything can be finished.
        var node = store.Nodes.Register("new", Lease, LabelSet.Empty);
        var claimed = 0;
        for (var turn = 0; turn < 20 && claimed < 9; turn++)
        {
            await store.Maintain.RescueAsync(100, Cancellation);
            await store.Maintain.PromoteAsync(100, Cancellation);
            var batch = await store.Work.ClaimAsync(node, 20, 0, [TestJobs.Service], Cancellation);
            claimed += batch.Tasks.Count;
            foreach (var task in batch.Tasks)
            {
                var bytes = new byte[1024 * 1024];
                var length = await store.Read.ReadPayloadChunkAsync(Assert.Single(task.Payloads).Key, 0, bytes, Cancellation);
                var name = jobs.Values.Single(job => job.Key == task.Job.Key).Name;
                Assert.Equal($"{name} {task.Key & 0xFFFFFF}", Encoding.UTF8.GetString(bytes, 0, length!.Value));
            }

            var applied = await store.Work.ApplyAsync(
                node,
                [.. batch.Tasks.Select(task => new AttemptResult
                {
                    Task = task,
                    Event = TaskEvent.Succeed,
                    Output = "{}"u8.ToArray(),
                    Call = new CallReport(200),
                    Duration = TimeSpan.FromMilliseconds(1),
                })],
                Cancellation);
            Assert.All(applied.Statuses, status => Assert.Equal(ApplyStatus.Applied, status));
            clock.Advance(TimeSpan.FromSeconds(5));
            Assert.True(store.Nodes.Renew(node, Lease).Alive);
        }

        await store.Control.PauseJobAsync(jobs["paused"].Key, false, Cancellation);
        Assert.Equal(1, (await store.Control.RetryJobAsync(jobs["partial"].Key, false, Cancellation)).Retried);
        Assert.Equal(2, (await store.Work.ClaimAsync(node, 5, 0, [TestJobs.Service], Cancellation)).Tasks.Count);
        foreach (var name in (string[])["running", "pending", "later"])
            Assert.Equal(JobState.Completed, (await store.Read.FindJobsAsync([jobs[name].Key], Cancellation))[0].State);
        var again = await store.EnqueueAsync(node, 1, TestJobs.Job with { Name = "new" }, Cancellation);
        Assert.Equal(9, again.Key);
        verify();
    }
}
