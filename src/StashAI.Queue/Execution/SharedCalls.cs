namespace StashAI.Queue.Execution;

/// <summary>
/// How many tasks of this process share the call of another one, by lease and lane: when a lease is lost, its tasks may run elsewhere while
/// they still end here, and must not be taken off what runs there. A claim takes them off the lane's running tasks, to count calls. A
/// task leaves before its outcome is recorded: in between it counts as a call, one too many and never one too few.
/// </summary>
internal sealed class SharedCalls
{
    private readonly Lock gate = new();
    private readonly Dictionary<(long Node, long Lane), int> lanes = [];

    public int CountOf(long nodeKey, long laneKey)
    {
        lock (gate) return lanes.GetValueOrDefault((nodeKey, laneKey));
    }

    public void Add(long nodeKey, long laneKey, int tasks)
    {
        if (tasks == 0) return;
        lock (gate)
        {
            var count = lanes.GetValueOrDefault((nodeKey, laneKey)) + tasks;
            if (count == 0) lanes.Remove((nodeKey, laneKey));
            else lanes[(nodeKey, laneKey)] = count;
        }
    }
}
