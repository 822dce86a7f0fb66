using System.Collections.Concurrent;
using StashAI.Queue.Live;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Lanes;

namespace StashAI.Queue.Execution;

/// <summary>
/// Remembers when a lane's service failed or asked to wait, so that tasks that were claimed earlier and still wait for a slot are given
/// back without a call. Later claims are not affected: the lane's gate let them pass.
/// </summary>
internal sealed class LaneOutages(TimeProvider clock) : IQueueListener
{
    private readonly ConcurrentDictionary<long, long> outageAt = new();
    private readonly ConcurrentDictionary<long, int> pending = new();

    /// <summary>Records an outage that begins now.</summary>
    public void Record(long laneKey) => outageAt[laneKey] = clock.GetTimestamp();

    /// <summary>
    /// Records that the lane's service has asked to wait. Until <see cref="Confirm"/>, the database does not know it and still hands out
    /// tasks that must not be called.
    /// </summary>
    public void RecordPending(long laneKey)
    {
        pending.AddOrUpdate(laneKey, 1, (_, count) => count + 1);
        Record(laneKey);
    }

    /// <summary>Notes that the database has stored the service's request to wait.</summary>
    public void Confirm(long laneKey)
    {
        Record(laneKey);
        pending.AddOrUpdate(laneKey, 0, (_, count) => count - 1);
    }

    /// <summary>True when an outage began after this moment, or is not stored yet.</summary>
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
