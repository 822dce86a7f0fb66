using Microsoft.Extensions.Logging;
using StashAI.Server.Exits;
using StashAI.Server.Hosting;
using StashAI.Server.Options;
using StashAI.Testing.Files;

namespace StashAI.Server.Tests.Hosting;

public sealed class QueueDatabaseTests
{
    [Fact]
    public async Task A_command_that_only_reads_makes_no_database()
    {
        using var folder = new TempFolder();
        var path = folder.File("typo/queue.db");
        var database = new QueueDatabase(path, server: null, LogLevel.Warning);

        var refusal = await Assert.ThrowsAsync<UsageException>(() => database.OpenExistingAsync(TestContext.Current.CancellationToken));

        Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_worker_and_migrate_find_a_queue_and_make_none()
    {
        using var folder = new TempFolder();
        var path = folder.File("typo/queue.db");
        var cancellation = TestContext.Current.CancellationToken;
        var worker = new WorkerOptions
        {
            DataDirectory = folder.File("typo"),
            QueueDatabasePath = path,
            Workers = 1,
            LogLevel = LogLevel.Warning,
        };
        var migrate = new MigrateOptions { DataDirectory = folder.File("typo"), QueueDatabasePath = path, LogLevel = LogLevel.Warning };

        foreach (var run in (Func<Task<int>>[])[
            () => ServerHost.RunWorkerAsync(worker, cancellation), () => ServerHost.MigrateAsync(migrate, cancellation)])
        {
            var refusal = await Assert.ThrowsAsync<UsageException>(run);
            Assert.Contains(path, refusal.Message, StringComparison.Ordinal);
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
        }
    }
}
