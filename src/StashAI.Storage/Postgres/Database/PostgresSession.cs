using Npgsql;

namespace StashAI.Storage.Postgres.Database;

/// <summary>One connection. For one caller at a time.</summary>
/// <param name="connection">The connection.</param>
/// <param name="clock">Replaces the server's clock.</param>
/// <param name="settings">A statement that each transaction begins with, when its session is not this connection's alone.</param>
internal sealed class PostgresSession(NpgsqlConnection connection, TimeProvider? clock, string? settings = null) : IAsyncDisposable, IDisposable
{
    /// <summary>
    /// A batch to fill. It takes one round trip, and unless it begins a transaction or is within one, it is one: what comes after
    /// a statement that failed is not run, and nothing of it remains.
    /// </summary>
    public PostgresBatch Batch()
    {
        var batch = new PostgresBatch(new NpgsqlBatch(connection));
        // A BEGIN that comes behind takes over the transaction in which these stand.
        if (settings is not null) batch.AddSettings(settings);
        if (clock is not null) batch.SetClock(clock.GetUtcNow(), isLocal: settings is not null);
        return batch;
    }

    public void Dispose() => connection.Dispose();

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
