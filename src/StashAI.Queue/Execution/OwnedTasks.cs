using System.Collections.Concurrent;

namespace StashAI.Queue.Execution;

/// <summary>The tasks that this process has claimed, so that a cancel finds them whether they run or wait for a slot.</summary>
public sealed class OwnedTasks
{
    private readonly ConcurrentDictionary<long, OwnedTask> tasks = new();

    /// <summary>How many have not ended.</summary>
    public int Count => tasks.Values.Count(task => !task.IsEnded);

    /// <summary>The claims that this process knows; any other claim of this node in the database is unknown to it.</summary>
    public HashSet<(long TaskKey, int Fence)> Claims => [.. tasks.Select(task => (task.Key, task.Value.Fence))];

    public OwnedTask Add(long taskKey, int fence, Action? onCancelledBeforeStart = null)
    {
        var task = new OwnedTask(fence, onCancelledBeforeStart);
        tasks[taskKey] = task;
        return task;
    }

    /// <summary>
    /// Removes a claim whose outcome is recorded. A newer claim of the same task, after a lost lease, stays.
    /// </summary>
    public void Remove(long taskKey, OwnedTask task)
    {
        tasks.TryRemove(KeyValuePair.Create(taskKey, task));
        task.Dispose();
        task.KeepAnswer(0);
    }

    /// <summary>Cancels a task; false when this process does not hold it.</summary>
    public bool Cancel(long taskKey)
    {
        if (!tasks.TryGetValue(taskKey, out var task)) return false;
        task.Cancel();
        return true;
    }
}
