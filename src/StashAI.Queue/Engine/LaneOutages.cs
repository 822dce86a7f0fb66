using System.Collections.Concurrent;
using StashAI.Queue.Live;
using StashAI.Queue.Model;
using StashAI.Queue.Policies;

namespace StashAI.Queue.Engine;

/// <summary>
/// Remembers when a lane shut, so that tasks which were claimed before and still wait for a slot are given back without a call.
/// Claims made later went through the gate, whatever is remembered here.
/// </summary>
internal sealed class LaneOutages(TimeProvider clock) : IQueueListener
{
    private readonly ConcurrentDictionary<long, long> shutAt = new();

    /// <summary>The lane shut just now.</summary>
    public void Note(long laneKey) => shutAt[laneKey] = clock.GetTimestamp();

    /// <summary>True when the lane shut after this moment.</summary>
    public bool CameAfter(long laneKey, long timestamp) => shutAt.TryGetValue(laneKey, out var at) && at > timestamp;

    public void OnChanged(ChangeSet changes)
    {
        foreach (var lane in changes.Lanes)
        {
            if (lane.After == CircuitState.Open) Note(lane.Key);
        }
    }
}
