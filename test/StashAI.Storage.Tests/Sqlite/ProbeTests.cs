using StashAI.Queue.Store;
using StashAI.Storage.Sqlite;
using StashAI.Storage.Sqlite.Database;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Sqlite;

/// <summary>A file that can no longer be worked with is noticed, in words that help, and works on when it is put right.</summary>
public sealed class ProbeTests : IAsyncDisposable
{
    private readonly SqliteHost host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => host.DisposeAsync();

    [Fact]
    public async Task A_file_that_is_removed_takes_nothing_and_works_on_when_it_is_put_back()
    {
        await using var store = await OpenAsync();
        await store.Probe.ProbeAsync(Cancellation);
        var node = store.Nodes.Register("node", TimeSpan.FromMinutes(1));
        File.Move(host.Path, host.Path + ".away");

        var refused = await Assert.ThrowsAsync<StoreTroubleException>(() => store.EnqueueAsync(node, 1, null, Cancellation));
        Assert.Equal(StoreTrouble.Unavailable, StoreTroubles.Of(refused));
        Assert.Contains(
            "put it back", (await Assert.ThrowsAsync<StoreTroubleException>(() => store.Probe.ProbeAsync(Cancellation))).Message);

        File.Move(host.Path + ".away", host.Path);
        await store.Probe.ProbeAsync(Cancellation);
        await store.EnqueueAsync(node, 1, null, Cancellation);
    }

    /// <summary>What is written to a log without a name is gone with the process.</summary>
    [Fact]
    public async Task A_write_ahead_log_that_is_removed_takes_nothing()
    {
        await using var store = await OpenAsync();
        var node = store.Nodes.Register("node", TimeSpan.FromMinutes(1));
        await store.EnqueueAsync(node, 1, null, Cancellation);
        File.Delete(host.Path + "-wal");

        var refused = await Assert.ThrowsAsync<StoreTroubleException>(() => store.EnqueueAsync(node, 1, null, Cancellation));
        Assert.Equal(StoreTrouble.Unavailable, StoreTroubles.Of(refused));
        await Assert.ThrowsAsync<StoreTroubleException>(() => store.Probe.ProbeAsync(Cancellation));
    }

    [Theory]
    [InlineData("CREATE TRIGGER theirs BEFORE INSERT ON queue_jobs BEGIN SELECT RAISE(ABORT, 'no'); END")]
    [InlineData(
        "CREATE TRIGGER theirs AFTER INSERT ON queue_jobs BEGIN INSERT INTO theirs VALUES (NULL); END; "
        + "CREATE TABLE theirs (id TEXT NOT NULL)")]
    public async Task A_constraint_of_somebody_else_is_another_schema_and_no_fault_of_the_request(string change)
    {
        await using var store = await OpenAsync();
        var node = store.Nodes.Register("node", TimeSpan.FromMinutes(1));
        using (var connection = host.Connect())
        using (var command = connection.CreateCommand())
        {
            command.CommandText = change;
            command.ExecuteNonQuery();
        }

        var error = await Record.ExceptionAsync(() => store.EnqueueAsync(node, 1, null, Cancellation));

        Assert.Equal(StoreTrouble.Damaged, StoreTroubles.Of(error!));
        Assert.Contains("does not have the schema", store.Probe.Explain(error!));
    }

    [Fact]
    public async Task Another_file_in_its_place_is_noticed()
    {
        await using var store = await OpenAsync();
        await store.Probe.ProbeAsync(Cancellation);
        await using var otherHost = new SqliteHost();
        await (await otherHost.OpenAsync(
            new Microsoft.Extensions.Time.Testing.FakeTimeProvider(new DateTimeOffset(2001, 1, 1, 0, 0, 0, TimeSpan.Zero)),
            Cancellation)).DisposeAsync();
        File.Move(otherHost.Path, host.Path, overwrite: true);

        await Assert.ThrowsAnyAsync<Exception>(() => store.Probe.ProbeAsync(Cancellation));
    }

    [Theory]
    [InlineData("DROP TABLE task_results", "task_results")]
    [InlineData("ALTER TABLE queue_tasks DROP COLUMN error_message", "error_message")]
    [InlineData("DROP INDEX queue_jobs_overdue", "queue_jobs_overdue")]
    public async Task A_schema_that_was_altered_is_noticed_while_it_is_used_and_refused_at_the_start(string change, string named)
    {
        await using (var store = await OpenAsync())
        {
            using (var connection = host.Connect())
            using (var command = connection.CreateCommand())
            {
                command.CommandText = change;
                command.ExecuteNonQuery();
            }

            Assert.Contains(named, (await Assert.ThrowsAsync<StoreTroubleException>(() => store.Probe.ProbeAsync(Cancellation))).Message);
        }

        var refused = await Assert.ThrowsAsync<StoreOpenException>(OpenAsync);
        Assert.Contains(named, refused.Message);
    }

    [Fact]
    public async Task A_migration_of_a_newer_version_is_told_while_it_works_and_refused_at_the_start()
    {
        await using (var store = await OpenAsync())
        {
            using (var connection = host.Connect())
            using (var command = connection.CreateCommand())
            {
                command.CommandText = "INSERT INTO SchemaVersions (ScriptName, Applied) VALUES "
                    + "('StashAI.Storage.Migrations.Sqlite.9999_later.sql', '2031-01-01'); CREATE TABLE later (id INTEGER)";
                command.ExecuteNonQuery();
            }

            await store.Probe.ProbeAsync(Cancellation);
            Assert.Contains("9999_later.sql", store.Probe.Warning);
        }

        Assert.Contains("9999_later.sql", (await Assert.ThrowsAsync<SchemaTooNewException>(OpenAsync)).Message);
    }

    [Fact]
    public async Task A_damaged_page_is_found_and_explained()
    {
        await using var store = await OpenAsync();
        var node = store.Nodes.Register("node", TimeSpan.FromMinutes(1));
        await store.EnqueueAsync(node, 500, null, Cancellation);
        using (var connection = host.Connect())
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            command.ExecuteNonQuery();
        }

        using (var file = new FileStream(host.Path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            for (var page = 4; (page + 1) * 4096 <= file.Length; page++)
            {
                file.Position = page * 4096L;
                file.Write(new byte[2000]);
            }
        }

        store.Probe.Explain(new Microsoft.Data.Sqlite.SqliteException("malformed", SQLitePCL.raw.SQLITE_CORRUPT));
        var damage = await Record.ExceptionAsync(() => store.Probe.ProbeAsync(Cancellation));

        Assert.Equal(StoreTrouble.Damaged, StoreTroubles.Of(damage!));
        Assert.Contains("backup", store.Probe.Explain(damage!));
        Assert.True(await store.Probe.IsDamagedAsync(Cancellation));
    }

    private Task<SqliteStore> OpenAsync() => SqliteStore.OpenAsync(new SqliteSettings { Path = host.Path }, Cancellation);
}
