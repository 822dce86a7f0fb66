using Microsoft.AspNetCore.Connections;

namespace StashAI.Hosting.Connections;

/// <summary>
/// Limits the connections of a server to what the process can hold. At the limit, a new connection replaces the one that has been idle the
/// longest; while every connection is handling a request, new connections are closed.
/// </summary>
public sealed partial class ConnectionGate(int limit, TimeProvider clock, ILogger<ConnectionGate> logger) : IDisposable
{
    private static readonly TimeSpan WarningInterval = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How many connections may exist beyond the limit: those that are closing, and new ones that have not been admitted or refused yet.
    /// </summary>
    private const int MaxBeyondLimit = 64;

    private readonly SemaphoreSlim acceptSlots = new(limit + MaxBeyondLimit);
    private readonly Lock gate = new();
    private readonly LinkedList<Place> idle = [];
    private int opened;
    private int closing;
    private long? warnedAt;

    /// <summary>The connections that are open and not closing; for tests.</summary>
    internal int OpenCount
    {
        get
        {
            lock (gate) return opened - closing;
        }
    }

    /// <summary>How many more connections may be accepted now; for tests.</summary>
    internal int FreeAcceptSlots => acceptSlots.CurrentCount;

    /// <summary>Waits until another connection may be accepted.</summary>
    internal Task ReserveAsync(CancellationToken cancellationToken) => acceptSlots.WaitAsync(cancellationToken);

    /// <summary>Gives back what <see cref="ReserveAsync"/> took.</summary>
    internal void Release() => acceptSlots.Release();

    public void Dispose() => acceptSlots.Dispose();

    /// <summary>Serves an accepted connection until it ends, or closes it at once when there is no room for it.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var place = new Place(this, connection);
        if (!TryEnter(place, out var evicted))
        {
            WarnLimitReached();
            connection.Abort();
            return;
        }

        evicted?.Connection.Abort(new ConnectionAbortedException("The connection was idle and was closed to make room for another one."));
        try
        {
            connection.Features.Set(place);
            await next(connection);
        }
        finally
        {
            Leave(place);
        }
    }

    private bool TryEnter(Place place, out Place? evicted)
    {
        lock (gate)
        {
            evicted = null;
            if (opened - closing >= limit)
            {
                if (idle.First is not { } oldest) return false;
                evicted = oldest.Value;
                idle.RemoveFirst();
                evicted.IsClosing = true;
                closing++;
            }

            opened++;
            idle.AddLast(place.Node);
            return true;
        }
    }

    private void Leave(Place place)
    {
        lock (gate)
        {
            opened--;
            if (place.IsClosing) closing--;
            else if (place.Node.List is not null) idle.Remove(place.Node);
        }
    }

    private void BeginRequest(Place place)
    {
        lock (gate)
        {
            if (place.Requests++ == 0 && place.Node.List is not null) idle.Remove(place.Node);
        }
    }

    private void EndRequest(Place place)
    {
        lock (gate)
        {
            if (--place.Requests == 0 && !place.IsClosing) idle.AddLast(place.Node);
        }
    }

    private void WarnLimitReached()
    {
        lock (gate)
        {
            if (warnedAt is { } at && clock.GetElapsedTime(at) < WarningInterval) return;
            warnedAt = clock.GetTimestamp();
        }

        LogLimitReached(limit, ConnectionLimit.Setting);
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "All {Limit} connections are handling requests; closing new ones. "
            + "To allow more, raise {Setting} or the limit of open files")]
    private partial void LogLimitReached(int limit, string setting);

    /// <summary>The place of one connection; a feature of each of its requests.</summary>
    internal sealed class Place
    {
        private readonly ConnectionGate owner;

        public Place(ConnectionGate owner, ConnectionContext connection)
        {
            (this.owner, Connection) = (owner, connection);
            Node = new LinkedListNode<Place>(this);
        }

        public ConnectionContext Connection { get; }

        public LinkedListNode<Place> Node { get; }

        public int Requests { get; set; }

        public bool IsClosing { get; set; }

        public void BeginRequest() => owner.BeginRequest(this);

        public void EndRequest() => owner.EndRequest(this);
    }
}
