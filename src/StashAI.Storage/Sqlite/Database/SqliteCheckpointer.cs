using SQLitePCL;

namespace StashAI.Storage.Sqlite.Database;

/// <summary>Moves the write-ahead log into the database on a separate connection, so that the writer does not wait for it.</summary>
internal sealed class SqliteCheckpointer : IAsyncDisposable
{
    private const long MinLogBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource stop = new();
    private readonly Task loop;

    public SqliteCheckpointer(SqliteDatabase database) => loop = Task.Run(() => RunAsync(database));

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await loop;
        stop.Dispose();
    }

    private async Task RunAsync(SqliteDatabase database)
    {
        using var session = database.OpenWriter();
        var wal = new FileInfo(database.Path + "-wal");
        using var timer = new PeriodicTimer(Pause);
        try
        {
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                wal.Refresh();
                if (wal.Exists && wal.Length > MinLogBytes)
                    _ = raw.sqlite3_wal_checkpoint_v2(session.Handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out _, out _);
            }
        }
        catch (OperationCanceledException)
        {
            // The store is closing.
        }
    }
}
