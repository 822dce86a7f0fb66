using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using StashAI.Queue.Execution;
using StashAI.Queue.Model.Work;

namespace StashAI.Queue.Engine;

/// <summary>
/// The calls that this process has claimed and not ended, waiting or running. It decides how many more a claim may take.
/// </summary>
internal sealed class CallBacklog(int workers, int maxAhead)
{
    private readonly Channel<ClaimedCall> waiting = Channel.CreateUnbounded<ClaimedCall>();
    private readonly LaneTurns turns = new();
    private volatile bool cappedLaneWaits;
    private int count;

    /// <summary>Calls that wait for a slot or are running.</summary>
    public int Count => Volatile.Read(ref count);

    /// <summary>Calls that wait for a slot, or for their turn in a lane with a limit.</summary>
    public int Waiting => waiting.Reader.Count + turns.Waiting;

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
        var parked = turns.Waiting;
        var open = Math.Max(0, held - parked);
        var slots = Math.Max(0, workers - open);
        var lead = cappedLaneWaits ? 0 : Ahead.Count;
        var more = Math.Max(0, lead - Math.Max(0, open - workers) - parked);
        // Free slots are filled at once; calls ahead are claimed in batches of at least half the lead.
        return slots > 0 || (more > 0 && more >= lead / 2) ? (slots, more) : (0, 0);
    }

    /// <summary>What this process holds of a lane with a limit, and would like to hold beyond it.</summary>
    public LaneLead LeadOf(long laneKey) => turns.LeadOf(laneKey, Ahead);

    /// <summary>Adds claimed calls, with the limits of lanes that the claim has read.</summary>
    public void Add(IReadOnlyCollection<ClaimedCall> calls, IReadOnlyDictionary<long, int> limits)
    {
        Interlocked.Add(ref count, calls.Count);
        foreach (var call in turns.Add(calls, limits)) waiting.Writer.TryWrite(call);
        foreach (var call in calls) waiting.Writer.TryWrite(call);
    }

    /// <summary>Removes a call that has ended, and returns what that means for claims.</summary>
    public RoomMade Remove(ClaimedCall call)
    {
        var held = Interlocked.Decrement(ref count);
        if (FreeCapacity(held) is (0, 0)) return RoomMade.None;
        if (FreeCapacity(held + 1) is (0, 0)) return RoomMade.ForAny;
        // There was room before, and the last claim has offered it to all lanes. This one takes more only in batches.
        return turns.IsFull(call.LaneKey, Ahead) ? RoomMade.None : RoomMade.WithinLimits;
    }

    /// <summary>Takes a waiting call that will not be begun; false when there is none.</summary>
    public bool TryTake([NotNullWhen(true)] out ClaimedCall? call) =>
        waiting.Reader.TryRead(out call) || (call = turns.TakeWaiting()) is not null;

    /// <summary>
    /// The waiting calls whose lanes allow them to begin, until <see cref="Complete"/>. Each must end by <see cref="EndTurn"/>.
    /// </summary>
    public async IAsyncEnumerable<ClaimedCall> ReadAllAsync()
    {
        await foreach (var call in waiting.Reader.ReadAllAsync())
        {
            if (turns.TryBegin(call)) yield return call;
        }
    }

    /// <summary>
    /// Ends the turn of a call that took so long. Returns a call of its lane that has to begin at once, because the backlog is complete;
    /// usually null.
    /// </summary>
    public ClaimedCall? EndTurn(ClaimedCall call, TimeSpan duration) =>
        turns.End(call, duration) is { } next && !waiting.Writer.TryWrite(next) ? next : null;

    /// <summary>Marks the backlog as complete: no more calls are added.</summary>
    public void Complete() => waiting.Writer.Complete();
}
