using System.Threading.Channels;
using StashAI.Queue.Execution;

namespace StashAI.Queue.Engine;

/// <summary>
/// The calls that this process has claimed and not ended, waiting or running. It decides how many more a claim may take.
/// </summary>
internal sealed class CallBacklog(int workers, int maxAhead)
{
    private readonly Channel<ClaimedCall> waiting = Channel.CreateUnbounded<ClaimedCall>();
    private volatile bool cappedLaneWaits;
    private int count;

    /// <summary>Calls that wait for a slot or are running.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Calls that wait for a slot.</summary>
    public int Waiting => waiting.Reader.Count;

    /// <summary>How many calls to claim ahead of free slots.</summary>
    public ClaimAhead Ahead { get; } = new(workers, maxAhead);

    /// <summary>
    /// True while a lane with a hard limit waits for a free slot. Calls claimed ahead would take that slot first, so none are.
    /// </summary>
    public bool CappedLaneWaits
    {
        get => cappedLaneWaits;
        set => cappedLaneWaits = value;
    }

    /// <summary>
    /// How many calls a claim may take for free slots, and how many ahead of them, while <paramref name="held"/> calls are open.
    /// </summary>
    public (int Slots, int Ahead) FreeCapacity(int held)
    {
        var slots = Math.Max(0, workers - held);
        var lead = cappedLaneWaits ? 0 : Ahead.Count;
        var more = Math.Max(0, lead - Math.Max(0, held - workers));
        // Free slots are filled at once; calls ahead are claimed in batches of at least half the lead.
        return slots > 0 || (more > 0 && more >= lead / 2) ? (slots, more) : (0, 0);
    }

    public void Add(IReadOnlyCollection<ClaimedCall> calls)
    {
        Interlocked.Add(ref count, calls.Count);
        foreach (var call in calls) waiting.Writer.TryWrite(call);
    }

    /// <summary>Removes a call that has ended; true when a claim may take more now.</summary>
    public bool Remove() => FreeCapacity(Interlocked.Decrement(ref count)) is not (0, 0);

    /// <summary>Takes a waiting call; false when there is none.</summary>
    public bool TryTake(out ClaimedCall? call) => waiting.Reader.TryRead(out call);

    /// <summary>The waiting calls, until <see cref="Complete"/>.</summary>
    public IAsyncEnumerable<ClaimedCall> ReadAllAsync() => waiting.Reader.ReadAllAsync();

    /// <summary>Marks the backlog as complete: no more calls are added.</summary>
    public void Complete() => waiting.Writer.Complete();
}
