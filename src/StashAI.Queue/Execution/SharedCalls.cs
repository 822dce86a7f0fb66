namespace StashAI.Queue.Execution;

/// <summary>
/// Counts the tasks of this process that share another task's call, by lease and lane. A claim subtracts them from the lane's running tasks
/// to get its running calls. They are counted per lease because the tasks of a lost lease may already run on another node while they
/// still end here. A task is removed before its outcome is recorded, so a lane may seem to run one call too many, never one too few.
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
