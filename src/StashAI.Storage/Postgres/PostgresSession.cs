using Npgsql;

namespace StashAI.Storage.Postgres;

/// <summary>One connection. For one caller at a time.</summary>
internal sealed class PostgresSession(NpgsqlConnection connection, TimeProvider? clock) : IAsyncDisposable, IDisposable
{
    /// <summary>
    /// A batch to fill. It takes one round trip, and unless it begins a transaction or is within one, it is one: what comes after
    /// a statement that failed is not run, and nothing of it remains.
    /// </summary>
    public PostgresBatch Batch()
    {
        var batch = new PostgresBatch(new NpgsqlBatch(connection));
        if (clock is not null) batch.SetClock(clock.GetUtcNow());
        return batch;
    }

    public void Dispose() => connection.Dispose();

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
