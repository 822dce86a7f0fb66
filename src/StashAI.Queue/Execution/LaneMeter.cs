using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Execution;

/// <summary>
/// Measures how fast this process works in each lane: tasks that ended, by the time in which it had work there. Both are
/// averages in which what happened five minutes of work ago counts for a third.
/// </summary>
internal sealed class LaneMeter(TimeProvider clock)
{
    private const double Memory = 300;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<long, Lane> lanes = [];

    /// <summary>An attempt begins.</summary>
    public void Begin(long laneKey)
    {
        lock (gate)
        {
            if (!lanes.TryGetValue(laneKey, out var lane)) lanes.Add(laneKey, lane = new Lane { Moved = clock.GetTimestamp() });
            Advance(lane);
            lane.Running++;
        }
    }

    /// <summary>It is over, and with <paramref name="how"/> perhaps its task too.</summary>
    public void End(long laneKey, TimeSpan duration, TaskEvent how)
    {
        lock (gate)
        {
            var lane = lanes[laneKey];
            Advance(lane);
            lane.Running--;
            if (how is not (TaskEvent.Succeed or TaskEvent.Fail)) return;
            lane.Ended++;
            lane.Milliseconds += duration.TotalMilliseconds;
            lane.Squares += duration.TotalMilliseconds * duration.TotalMilliseconds;
            lane.Ends.Enqueue(clock.GetTimestamp());
            lane.IsReported = false;
        }
    }

    /// <summary>What changed since it was last taken.</summary>
    public IReadOnlyList<LaneRate> Take()
    {
        var rates = new List<LaneRate>();
        lock (gate)
        {
            foreach (var (key, lane) in lanes)
            {
                var before = lane.Ends.Count;
                while (lane.Ends.TryPeek(out var end) && clock.GetElapsedTime(end) > Minute) lane.Ends.Dequeue();
                if ((lane.IsReported && before == lane.Ends.Count) || lane.Ended <= 0) continue;
                Advance(lane);
                lane.IsReported = true;
                var mean = lane.Milliseconds / lane.Ended;
                var deviation = Math.Sqrt(Math.Max(0, (lane.Squares / lane.Ended) - (mean * mean)));
                rates.Add(new LaneRate(key, lane.Ended / Math.Max(lane.Seconds, 1e-3), mean, deviation, lane.Ends.Count));
            }
        }

        return rates;
    }

    private void Advance(Lane lane)
    {
        var now = clock.GetTimestamp();
        var seconds = clock.GetElapsedTime(lane.Moved, now).TotalSeconds;
        lane.Moved = now;
        if (lane.Running == 0) return;
        var rest = Math.Exp(-seconds / Memory);
        lane.Seconds = (lane.Seconds * rest) + seconds;
        lane.Ended *= rest;
        lane.Milliseconds *= rest;
        lane.Squares *= rest;
    }

    private sealed class Lane
    {
        public Queue<long> Ends { get; } = [];

        public long Moved { get; set; }

        public int Running { get; set; }

        public double Seconds { get; set; }

        public double Ended { get; set; }

        public double Milliseconds { get; set; }

        public double Squares { get; set; }

        public bool IsReported { get; set; }
    }
}
