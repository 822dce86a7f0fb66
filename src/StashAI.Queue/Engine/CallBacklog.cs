using System.Threading.Channels;
using StashAI.Queue.Execution;

namespace StashAI.Queue.Engine;

/// <summary>
/// The calls that this process has claimed and that are not over: those that wait for a slot, and how many there are in all. Says how
/// many more a claim may take.
/// </summary>
internal sealed class CallBacklog(int workers, int maxAhead)
{
    private readonly Channel<ClaimedCall> waiting = Channel.CreateUnbounded<ClaimedCall>();
    private volatile bool cappedLaneWaits;
    private int count;

    /// <summary>Calls that wait for a slot or run.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Calls that wait for a slot.</summary>
    public int Waiting => waiting.Reader.Count;

    /// <summary>How many calls to claim ahead of free slots.</summary>
    public ClaimAhead Ahead { get; } = new(workers, maxAhead);

    /// <summary>True while a lane with a hard limit waits for a free slot: what is claimed ahead would keep it from its turn.</summary>
    public bool CappedLaneWaits
    {
        get => cappedLaneWaits;
        set => cappedLaneWaits = value;
    }

    /// <summary>How many calls a claim may take for free slots, and how many ahead of them, while this process holds <paramref name="held"/>.</summary>
    public (int Slots, int Ahead) FreeCapacity(int held)
    {
        var slots = Math.Max(0, workers - held);
        var lead = cappedLaneWaits ? 0 : Ahead.Count;
        var more = Math.Max(0, lead - Math.Max(0, held - workers));
        // Claims ahead come in lots of half the lead; a free slot is filled at once.
        return slots > 0 || (more > 0 && more >= lead / 2) ? (slots, more) : (0, 0);
    }

    public void Add(IReadOnlyCollection<ClaimedCall> calls)
    {
        Interlocked.Add(ref count, calls.Count);
        foreach (var call in calls) waiting.Writer.TryWrite(call);
    }

    /// <summary>A call is over; true when a claim may take more now.</summary>
    public bool Remove() => FreeCapacity(Interlocked.Decrement(ref count)) is not (0, 0);

    /// <summary>Takes a call that waits; false when none does.</summary>
    public bool TryTake(out ClaimedCall? call) => waiting.Reader.TryRead(out call);

    /// <summary>The calls as they get a slot, until <see cref="Complete"/>.</summary>
    public IAsyncEnumerable<ClaimedCall> ReadAllAsync() => waiting.Reader.ReadAllAsync();

    /// <summary>No more calls come.</summary>
    public void Complete() => waiting.Writer.Complete();
}
