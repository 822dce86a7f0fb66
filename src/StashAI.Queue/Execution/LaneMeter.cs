using StashAI.Queue.Model.Lanes;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Execution;

/// <summary>
/// Measures how fast this process works in each lane: ended tasks per second of busy time. Both are decaying averages: five minutes of busy
/// time reduce a value to about a third.
/// </summary>
internal sealed class LaneMeter(TimeProvider clock)
{
    private const double AveragingSeconds = 300;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<long, Lane> lanes = [];

    /// <summary>Notes the start of an attempt.</summary>
    public void Begin(long laneKey)
    {
        lock (gate)
        {
            if (!lanes.TryGetValue(laneKey, out var lane)) lanes.Add(laneKey, lane = new Lane { UpdatedAt = clock.GetTimestamp() });
            Advance(lane);
            lane.Running++;
        }
    }

    /// <summary>Notes the end of an attempt; <paramref name="taskEvent"/> tells whether its task ended too.</summary>
    public void End(long laneKey, TimeSpan duration, TaskEvent taskEvent)
    {
        lock (gate)
        {
            var lane = lanes[laneKey];
            Advance(lane);
            lane.Running--;
            if (taskEvent is not (TaskEvent.Succeed or TaskEvent.Fail)) return;
            lane.Ended++;
            lane.Milliseconds += duration.TotalMilliseconds;
            lane.SquaredMilliseconds += duration.TotalMilliseconds * duration.TotalMilliseconds;
            lane.EndTimes.Enqueue(clock.GetTimestamp());
            lane.IsReported = false;
        }
    }

    /// <summary>The rates that have changed since the last call.</summary>
    public IReadOnlyList<LaneRate> Take()
    {
        var rates = new List<LaneRate>();
        lock (gate)
        {
            foreach (var (key, lane) in lanes)
            {
                var before = lane.EndTimes.Count;
                while (lane.EndTimes.TryPeek(out var end) && clock.GetElapsedTime(end) > Minute) lane.EndTimes.Dequeue();
                if ((lane.IsReported && before == lane.EndTimes.Count) || lane.Ended <= 0) continue;
                Advance(lane);
                lane.IsReported = true;
                var mean = lane.Milliseconds / lane.Ended;
                var deviation = Math.Sqrt(Math.Max(0, (lane.SquaredMilliseconds / lane.Ended) - (mean * mean)));
                rates.Add(new LaneRate(key, lane.Ended / Math.Max(lane.BusySeconds, 1e-3), mean, deviation, lane.EndTimes.Count));
            }
        }

        return rates;
    }

    private void Advance(Lane lane)
    {
        var now = clock.GetTimestamp();
        var seconds = clock.GetElapsedTime(lane.UpdatedAt, now).TotalSeconds;
        lane.UpdatedAt = now;
        if (lane.Running == 0) return;
        var decay = Math.Exp(-seconds / AveragingSeconds);
        lane.BusySeconds = (lane.BusySeconds * decay) + seconds;
        lane.Ended *= decay;
        lane.Milliseconds *= decay;
        lane.SquaredMilliseconds *= decay;
    }

    private sealed class Lane
    {
        public Queue<long> EndTimes { get; } = [];

        public long UpdatedAt { get; set; }

        public int Running { get; set; }

        public double BusySeconds { get; set; }

        public double Ended { get; set; }

        public double Milliseconds { get; set; }

        public double SquaredMilliseconds { get; set; }

        public bool IsReported { get; set; }
    }
}
