namespace StashAI.Queue.Engine;

/// <summary>
/// How many tasks of this process share the call of another one, by lane. A claim takes them off the lane's running tasks, to count calls. A
/// task leaves before its outcome is recorded: in between it counts as a call, one too many and never one too few.
/// </summary>
internal sealed class SharedCalls
{
    private readonly Lock gate = new();
    private readonly Dictionary<long, int> lanes = [];

    public int Of(long laneKey)
    {
        lock (gate) return lanes.GetValueOrDefault(laneKey);
    }

    public void Add(long laneKey, int tasks)
    {
        if (tasks == 0) return;
        lock (gate)
        {
            var count = lanes.GetValueOrDefault(laneKey) + tasks;
            if (count == 0) lanes.Remove(laneKey);
            else lanes[laneKey] = count;
        }
    }
}
