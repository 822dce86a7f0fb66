using System.Data;
using Npgsql;

namespace StashAI.Storage.Postgres.Database;

/// <summary>One connection. Not safe for concurrent use.</summary>
/// <param name="connection">The connection.</param>
/// <param name="clock">Replaces the server's clock; null for the server's.</param>
/// <param name="settings">A statement at the start of each transaction; null when the session belongs to this connection.</param>
/// <param name="onClosed">Called when it was closed; with true when the server had ended it.</param>
internal sealed class PostgresSession(
    NpgsqlConnection connection, TimeProvider? clock, string? settings = null, Action<bool>? onClosed = null)
    : IAsyncDisposable, IDisposable
{
    private bool isClosed;

    /// <summary>
    /// Creates an empty batch. It takes one round trip. Unless it begins a transaction or is part of one, it is a transaction itself: after
    /// a failed statement, the rest is not run and everything is rolled back.
    /// </summary>
    public PostgresBatch Batch()
    {
        var batch = new PostgresBatch(new NpgsqlBatch(connection));
        // A BEGIN after these statements continues their transaction.
        if (settings is not null) batch.AddSettings(settings);
        if (clock is not null) batch.SetClock(clock.GetUtcNow(), isLocal: settings is not null);
        return batch;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref isClosed, true)) return;
        var isBroken = connection.FullState == ConnectionState.Broken;
        try
        {
            connection.Dispose();
        }
        finally
        {
            onClosed?.Invoke(isBroken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isClosed, true)) return;
        var isBroken = connection.FullState == ConnectionState.Broken;
        try
        {
            await connection.DisposeAsync();
        }
        finally
        {
            onClosed?.Invoke(isBroken);
        }
    }
}
