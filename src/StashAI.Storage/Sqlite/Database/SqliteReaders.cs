using System.Threading.Channels;

namespace StashAI.Storage.Sqlite.Database;

/// <summary>A small pool of connections for reading. Microsoft.Data.Sqlite is synchronous, so reads run on thread-pool threads.</summary>
internal sealed class SqliteReaders : IAsyncDisposable
{
    private readonly Channel<SqliteSession> idle;
    private readonly int count;
    private volatile bool closing;

    public SqliteReaders(SqliteDatabase database, int count)
    {
        this.count = count;
        idle = Channel.CreateBounded<SqliteSession>(count);
        for (var i = 0; i < count; i++) idle.Writer.TryWrite(database.OpenReader());
    }

    /// <summary>Runs <paramref name="query"/> with exclusive use of a connection; it should read at most one page of rows.</summary>
    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> query, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(closing, this);
        var session = await TakeAsync(cancellationToken);
        try
        {
            return await Task.Run(() => query(session), cancellationToken);
        }
        finally
        {
            session.ResetAll();
            idle.Writer.TryWrite(session);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (closing) return;
        closing = true;
        for (var i = 0; i < count; i++) (await idle.Reader.ReadAsync()).Dispose();
        idle.Writer.Complete();
    }

    private async ValueTask<SqliteSession> TakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await idle.Reader.ReadAsync(cancellationToken);
        }
        catch (ChannelClosedException)
        {
            throw new ObjectDisposedException(nameof(SqliteReaders));
        }
    }
}
