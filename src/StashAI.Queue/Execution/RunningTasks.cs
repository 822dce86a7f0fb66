using System.Collections.Concurrent;

namespace StashAI.Queue.Execution;

/// <summary>The tasks that this process holds, so that a cancel finds them whether they run or still wait for a slot.</summary>
public sealed class RunningTasks
{
    private readonly ConcurrentDictionary<long, RunningTask> tasks = new();

    /// <summary>How many are not over.</summary>
    public int Count => tasks.Values.Count(task => !task.IsEnded);

    /// <summary>What the database says that this node holds, if it knows nothing else.</summary>
    public HashSet<(long TaskKey, int Fence)> Claims => [.. tasks.Select(task => (task.Key, task.Value.Fence))];

    /// <summary>Adds a claimed task.</summary>
    public RunningTask Add(long taskKey, int fence, Action? onCancelledBeforeStart = null)
    {
        var task = new RunningTask(fence, onCancelledBeforeStart);
        tasks[taskKey] = task;
        return task;
    }

    /// <summary>
    /// A claim's outcome is recorded. After a lost lease this process may hold the same task under a newer claim, which stays.
    /// </summary>
    public void Remove(long taskKey, RunningTask task)
    {
        tasks.TryRemove(KeyValuePair.Create(taskKey, task));
        task.Dispose();
    }

    /// <summary>Asks for a task to be aborted; false when this process does not hold it.</summary>
    public bool Cancel(long taskKey)
    {
        if (!tasks.TryGetValue(taskKey, out var task)) return false;
        task.Cancel();
        return true;
    }
}
