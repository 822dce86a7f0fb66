using Microsoft.AspNetCore.Connections;

namespace StashAI.Hosting.Connections;

/// <summary>
/// Keeps the connections of a server below what the process can hold. When all places are taken, a newcomer gets that of the connection which has
/// been idle the longest; while every connection has a request in work, newcomers are closed.
/// </summary>
public sealed partial class ConnectionGate(int most, TimeProvider clock, ILogger<ConnectionGate> logger) : IDisposable
{
    private static readonly TimeSpan Quiet = TimeSpan.FromMinutes(1);

    /// <summary>Connections beyond the limit that were told to end and have not ended yet, or are about to be judged.</summary>
    private const int MostEnding = 64;

    private readonly SemaphoreSlim accepting = new(most + MostEnding);
    private readonly Lock gate = new();
    private readonly LinkedList<Place> idle = [];
    private int open;
    private int ending;
    private long? warnedAt;

    /// <summary>Connections at this moment, for tests.</summary>
    internal int Open
    {
        get
        {
            lock (gate) return open - ending;
        }
    }

    /// <summary>Waits until a further connection may be accepted.</summary>
    internal Task ReserveAsync(CancellationToken cancellationToken) => accepting.WaitAsync(cancellationToken);

    /// <summary>Gives back what <see cref="ReserveAsync"/> took.</summary>
    internal void Release() => accepting.Release();

    public void Dispose() => accepting.Dispose();

    /// <summary>Runs an accepted connection to its end if there is a place for it.</summary>
    public async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        try
        {
            var place = new Place(this, connection);
            if (!TryEnter(place, out var victim))
            {
                Warn();
                connection.Abort();
                return;
            }

            victim?.Connection.Abort(new ConnectionAbortedException("The connection was idle, and another one needed its place."));
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
        finally
        {
            Release();
        }
    }

    private bool TryEnter(Place place, out Place? victim)
    {
        lock (gate)
        {
            victim = null;
            if (open - ending >= most)
            {
                if (idle.First is not { } oldest) return false;
                victim = oldest.Value;
                idle.RemoveFirst();
                victim.IsEnding = true;
                ending++;
            }

            open++;
            idle.AddLast(place.Node);
            return true;
        }
    }

    private void Leave(Place place)
    {
        lock (gate)
        {
            open--;
            if (place.IsEnding) ending--;
            else if (place.Node.List is not null) idle.Remove(place.Node);
        }
    }

    private void Begin(Place place)
    {
        lock (gate)
        {
            if (place.Requests++ == 0 && place.Node.List is not null) idle.Remove(place.Node);
        }
    }

    private void End(Place place)
    {
        lock (gate)
        {
            if (--place.Requests == 0 && !place.IsEnding) idle.AddLast(place.Node);
        }
    }

    private void Warn()
    {
        lock (gate)
        {
            if (warnedAt is { } at && clock.GetElapsedTime(at) < Quiet) return;
            warnedAt = clock.GetTimestamp();
        }

        LogFull(most, ConnectionLimit.Setting);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "All {Most} connections have a request in work, so new ones are closed; {Setting} and the limit of open files raise that")]
    private partial void LogFull(int most, string setting);

    /// <summary>One connection's place; a feature of its requests.</summary>
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

        public bool IsEnding { get; set; }

        public void Begin() => owner.Begin(this);

        public void End() => owner.End(this);
    }
}
