using StashAI.Queue.Store;
using StashAI.Storage.Postgres;
using StashAI.Storage.Postgres.Database;
using StashAI.Storage.Sqlite;
using StashAI.Storage.Sqlite.Database;
using StashAI.Testing.Files;
using StashAI.Testing.Postgres;

namespace StashAI.Gateway.Tests.Live;

/// <summary>A new database that two processes have opened: that of a gateway, and another one.</summary>
internal static class TwoProcesses
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task OnSqliteAsync(Func<IQueueStore, IQueueStore, Task> act)
    {
        using var folder = new TempFolder();
        var settings = new SqliteSettings { Path = folder.File("queue.db") };
        await using var gateway = await SqliteStore.OpenAsync(settings, Cancellation);
        await using var other = await SqliteStore.OpenAsync(settings, Cancellation);

        await act(gateway, other);
    }

    public static async Task OnPostgresAsync(PostgresFixture postgres, Func<IQueueStore, IQueueStore, Task> act)
    {
        var database = await postgres.CreateQueueAsync(Cancellation);
        var settings = new PostgresSettings { Url = database.Url };
        await using var gateway = await PostgresStore.OpenAsync(settings, Cancellation);
        await using var other = await PostgresStore.OpenAsync(settings, Cancellation);

        await act(gateway, other);
    }
}
