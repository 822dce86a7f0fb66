using Npgsql;

namespace StashAI.Storage.Postgres.Database;

/// <summary>
/// The connections of this process, of which as few are used as possible. The driver's pool gives the connection that has waited for
/// longest, so that all of them take turns: each session of the server would read the catalogs and plan every statement for itself. Here
/// each user gets the first free place, and a place is a pool of one connection. Claims and outcomes, whose statements are the longest,
/// have places of their own.
/// </summary>
/// <param name="size">How many connections there may be.</param>
/// <param name="patience">How long to wait for a free one.</param>
/// <param name="create">Creates the source of one connection: of the first one for a use, or null for another.</param>
internal sealed class PostgresConnections(int size, TimeSpan patience, Func<PostgresUse?, NpgsqlDataSource> create) : IDisposable
{
    private readonly NpgsqlDataSource?[] sources = new NpgsqlDataSource?[size];
    private readonly bool[] isTaken = new bool[size];
    private readonly SemaphoreSlim free = new(size);
    private readonly Lock gate = new();
    private bool isDisposed;

    /// <summary>Opens a connection, which must be given back with <see cref="Return"/>.</summary>
    /// <exception cref="NpgsqlException">None became free, or the server cannot be reached.</exception>
    public async ValueTask<(NpgsqlConnection Connection, int Place)> TakeAsync(PostgresUse use, CancellationToken cancellationToken)
    {
        if (!await free.WaitAsync(patience, cancellationToken))
        {
            throw new NpgsqlException(
                $"All {size} connections to the database have been in use for {patience.TotalSeconds} s.", new TimeoutException());
        }

        var (place, source) = TakePlace(use);
        try
        {
            return (await source.OpenConnectionAsync(cancellationToken), place);
        }
        catch
        {
            Leave(place);
            throw;
        }
    }

    /// <summary>Gives the place of a closed connection back.</summary>
    /// <param name="place">Its place.</param>
    /// <param name="isBroken">True when the server has ended it, and with it probably all others.</param>
    public void Return(int place, bool isBroken)
    {
        if (isBroken) Clear();
        Leave(place);
    }

    public void Dispose()
    {
        lock (gate)
        {
            isDisposed = true;
            free.Dispose();
        }
    }

    private (int Place, NpgsqlDataSource Source) TakePlace(PostgresUse use)
    {
        lock (gate)
        {
            try
            {
                var place = FindFree(use);
                var source = sources[place] ??= create(place <= (int)PostgresUse.Other ? (PostgresUse)place : null);
                isTaken[place] = true;
                return (place, source);
            }
            catch
            {
                // The place stays free for the next one who asks.
                if (!isDisposed) free.Release();
                throw;
            }
        }
    }

    private int FindFree(PostgresUse use)
    {
        if ((int)use < size && !isTaken[(int)use]) return (int)use;
        for (var place = (int)PostgresUse.Other; place < size; place++)
        {
            if (!isTaken[place]) return place;
        }

        return !isTaken[(int)PostgresUse.Claims] ? (int)PostgresUse.Claims : (int)PostgresUse.Outcomes;
    }

    private void Leave(int place)
    {
        lock (gate)
        {
            isTaken[place] = false;
            if (!isDisposed) free.Release();
        }
    }

    private void Clear()
    {
        NpgsqlDataSource[] all;
        lock (gate) all = [.. sources.OfType<NpgsqlDataSource>()];
        foreach (var source in all) source.Clear();
    }
}
