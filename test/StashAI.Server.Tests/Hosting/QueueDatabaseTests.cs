using Microsoft.Extensions.Logging;
using StashAI.Server.Exits;
using StashAI.Server.Hosting;
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
}
