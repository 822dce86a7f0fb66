using DbUp.Engine;
using Microsoft.Extensions.Logging;
using StashAI.Queue.Store;
using StashAI.Storage.Migrations;
using StashAI.Storage.Sqlite;
using StashAI.Storage.Sqlite.Database;
using StashAI.Testing.Files;
using StashAI.Testing.Queue;

namespace StashAI.Storage.Tests.Migrations;

/// <summary>A SQLite file with jobs in it is copied before its schema changes. The changes here are of versions to come.</summary>
public sealed class BackupTests : ILogger, IDisposable
{
    private readonly TempFolder folder = new();
    private readonly List<string> log = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_copy_is_what_the_earlier_version_can_go_on_with_and_the_last_three_are_kept()
    {
        var path = folder.File("queue.db");
        await FillAsync(path, 3);
        var before = await File.ReadAllBytesAsync(path, Cancellation);

        for (var last = 9994; last <= 9998; last++) Migrate(path, last);

        Assert.Equal(
            ["queue.db.before-9996", "queue.db.before-9997", "queue.db.before-9998"],
            Directory.GetFiles(folder.Path, "*before*").Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Contains(log, line => line.Contains("queue.db.before-9994", StringComparison.Ordinal));
        var error = await Assert.ThrowsAsync<SchemaTooNewException>(
            () => SqliteStore.OpenAsync(new SqliteSettings { Path = path }, Cancellation));
        Assert.Contains("queue.db.before-*", error.Message, StringComparison.Ordinal);

        // The first copy is gone; the same goes for one made now of a file of this version.
        File.Delete(path);
        await FillAsync(path, 4);
        Migrate(path, 9994);
        File.Move(folder.File("queue.db.before-9994"), folder.File("restored.db"));
        await using var restored = await SqliteStore.OpenAsync(new SqliteSettings { Path = folder.File("restored.db") }, Cancellation);
        Assert.Equal(4, (await restored.Read.ReadTotalsAsync(Cancellation)).Available);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File("restored.db")));
        }

        Assert.NotEmpty(before);
    }

    [Fact]
    public async Task A_file_without_jobs_is_not_copied()
    {
        var path = folder.File("queue.db");
        await (await SqliteStore.OpenAsync(new SqliteSettings { Path = path }, Cancellation)).DisposeAsync();

        Migrate(path, 9994);

        Assert.Empty(Directory.GetFiles(folder.Path, "*before*"));
    }

    [Fact]
    public async Task Without_room_for_the_copy_nothing_is_changed()
    {
        await using var disk = await SmallDisk.MountAsync(8, Cancellation);
        var path = disk.File("queue.db");
        await FillAsync(path, 9000);

        using (disk.Fill(leaveBytes: 300_000))
        {
            var error = Assert.Throws<StoreOpenException>(() => Migrate(path, 9994));
            Assert.Contains("free ", error.Message, StringComparison.Ordinal);
        }

        await using (var same = await SqliteStore.OpenAsync(new SqliteSettings { Path = path }, Cancellation))
            Assert.Equal(9000, (await same.Read.ReadTotalsAsync(Cancellation)).Available);
        Assert.Empty(Directory.GetFiles(disk.Path, "*before*"));
        Migrate(path, 9994);
        Assert.Single(Directory.GetFiles(disk.Path, "*before*"));
    }

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        log.Add(formatter(state, exception));

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    private static async Task FillAsync(string path, int tasks)
    {
        await using var store = await SqliteStore.OpenAsync(new SqliteSettings { Path = path }, Cancellation);
        await store.EnqueueAsync(store.Nodes.Register("one", TimeSpan.FromMinutes(1)), tasks, null, Cancellation);
    }

    private void Migrate(string path, int last)
    {
        var future = Enumerable.Range(9994, last - 9993)
            .Select(number => new SqlScript($"{number}_future.sql", $"CREATE TABLE future_{number} (id INTEGER)"));
        SqliteMigrator.Migrate(new SqliteDatabase(new SqliteSettings { Path = path }), [.. MigrationScripts.Sqlite, .. future], this);
    }
}
