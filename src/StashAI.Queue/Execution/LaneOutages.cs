using System.Collections.Concurrent;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Lanes;

namespace StashAI.Queue.Execution;

/// <summary>
/// Remembers when a lane shut, so that tasks which were claimed before and still wait for a slot are given back without a call.
/// Claims made later went through the gate, whatever is remembered here.
/// </summary>
internal sealed class LaneOutages(TimeProvider clock) : IQueueListener
{
    private readonly ConcurrentDictionary<long, long> outageAt = new();
    private readonly ConcurrentDictionary<long, int> pending = new();

    /// <summary>The lane shut just now.</summary>
    public void Record(long laneKey) => outageAt[laneKey] = clock.GetTimestamp();

    /// <summary>
    /// The lane's service just asked to wait, which the database does not know before <see cref="Confirm"/>: until then it gives tasks that
    /// must not be called.
    /// </summary>
    public void RecordPending(long laneKey)
    {
        pending.AddOrUpdate(laneKey, 1, (_, count) => count + 1);
        Record(laneKey);
    }

    /// <summary>The database knows.</summary>
    public void Confirm(long laneKey)
    {
        Record(laneKey);
        pending.AddOrUpdate(laneKey, 0, (_, count) => count - 1);
    }

    /// <summary>True when the lane shut after this moment.</summary>
    public bool HappenedAfter(long laneKey, long timestamp) =>
        pending.GetValueOrDefault(laneKey) > 0 || (outageAt.TryGetValue(laneKey, out var at) && at > timestamp);

    public void OnChanged(ChangeSet changes)
    {
        foreach (var lane in changes.Lanes)
        {
            if (lane.After == CircuitState.Open) Record(lane.Key);
        }
    }
}
