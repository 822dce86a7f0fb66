using StashAI.Queue.Execution;
using StashAI.Queue.Model.Work;

namespace StashAI.Queue.Engine;

/// <summary>
/// Sees to it that this process runs no more calls of a lane than its limit. While there is no other node, more calls than that may be
/// claimed, so that one is there when another ends; they wait here, without a slot.
/// </summary>
internal sealed class LaneTurns
{
    private const double Weight = 0.1;

    /// <summary>Idle lanes whose durations are remembered.</summary>
    private const int MostIdle = 1000;

    private readonly Lock gate = new();
    private readonly Dictionary<long, Lane> lanes = [];
    private int waiting;

    /// <summary>Calls that wait for their turn.</summary>
    public int Waiting => Volatile.Read(ref waiting);

    /// <summary>
    /// Notes claimed calls and the limits that the claim has read. Returns the waiting calls whose turn it is now, because a limit was raised.
    /// </summary>
    public List<ClaimedCall> Add(IReadOnlyCollection<ClaimedCall> calls, IReadOnlyDictionary<long, int> limits)
    {
        var begun = new List<ClaimedCall>();
        lock (gate)
        {
            foreach (var call in calls)
            {
                if (!lanes.TryGetValue(call.LaneKey, out var lane)) lanes.Add(call.LaneKey, lane = new Lane());
                lane.Held++;
                lane.Limit = limits.GetValueOrDefault(call.LaneKey, int.MaxValue);
            }

            foreach (var (key, limit) in limits)
            {
                if (lanes.TryGetValue(key, out var lane)) lane.Limit = limit;
            }

            if (waiting == 0) return begun;
            foreach (var lane in lanes.Values)
            {
                while (Next(lane) is { } call) begun.Add(call);
            }
        }

        return begun;
    }

    /// <summary>Begins a call; false when its lane is full, and then the call waits until <see cref="End"/> returns it.</summary>
    public bool TryBegin(ClaimedCall call)
    {
        lock (gate)
        {
            if (call.HasTurn) return true;
            var lane = lanes[call.LaneKey];
            if (lane.Running >= lane.Limit)
            {
                lane.Waiting.Enqueue(call);
                waiting++;
                return false;
            }

            lane.Running++;
            return call.HasTurn = true;
        }
    }

    /// <summary>Ends a call that took so long, and returns the waiting call whose turn it is now; null for none.</summary>
    public ClaimedCall? End(ClaimedCall call, TimeSpan duration)
    {
        lock (gate)
        {
            var lane = lanes[call.LaneKey];
            lane.Running--;
            lane.Held--;
            if (duration > TimeSpan.Zero)
                lane.Seconds = lane.Seconds == 0 ? duration.TotalSeconds : lane.Seconds + (Weight * (duration.TotalSeconds - lane.Seconds));
            if (lane.Held == 0 && lanes.Count > MostIdle) lanes.Remove(call.LaneKey);
            return Next(lane);
        }
    }

    /// <summary>Takes a call that waits for its turn and will not be begun; null when there is none.</summary>
    public ClaimedCall? TakeWaiting()
    {
        lock (gate)
        {
            foreach (var lane in lanes.Values)
            {
                if (!lane.Waiting.TryDequeue(out var call)) continue;
                waiting--;
                lane.Held--;
                return call;
            }

            return null;
        }
    }

    /// <summary>What this process holds of a lane, and how many calls it would hold beyond the limit by <paramref name="ahead"/>.</summary>
    public LaneLead LeadOf(long laneKey, ClaimAhead ahead)
    {
        lock (gate)
        {
            return lanes.TryGetValue(laneKey, out var lane) && lane.Seconds > 0
                ? new LaneLead(lane.Held, ahead.CountFor(lane.Limit, lane.Seconds))
                : default;
        }
    }

    /// <summary>True when this process holds so much of a lane beyond its limit that a claim would give it nothing.</summary>
    public bool IsFull(long laneKey, ClaimAhead ahead)
    {
        lock (gate)
        {
            return lanes.TryGetValue(laneKey, out var lane) && lane is { Limit: < int.MaxValue, Seconds: > 0 }
                && new LaneLead(lane.Held, ahead.CountFor(lane.Limit, lane.Seconds)).RoomIn(lane.Limit) == 0;
        }
    }

    private ClaimedCall? Next(Lane lane)
    {
        if (lane.Running >= lane.Limit || !lane.Waiting.TryDequeue(out var call)) return null;
        waiting--;
        lane.Running++;
        call.HasTurn = true;
        return call;
    }

    private sealed class Lane
    {
        public int Limit { get; set; } = int.MaxValue;

        public int Held { get; set; }

        public int Running { get; set; }

        /// <summary>A moving average of how long a call takes; 0 before the first.</summary>
        public double Seconds { get; set; }

        public Queue<ClaimedCall> Waiting { get; } = [];
    }
}
