using StashAI.Queue.Live;
using StashAI.Queue.Model.Changes;
using StashAI.Queue.Model.Tasks;

namespace StashAI.Bench.Depth;

/// <summary>Waits until so many tasks completed.</summary>
internal sealed class CompletedTasks(int count) : IQueueListener
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int left = count;

    public Task Reached => reached.Task;

    public void OnChanged(ChangeSet changes)
    {
        foreach (var task in changes.Tasks)
        {
            if (task.State == TaskState.Completed && Interlocked.Decrement(ref left) == 0) reached.TrySetResult();
        }
    }
}
