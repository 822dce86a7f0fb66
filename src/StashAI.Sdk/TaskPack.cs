namespace StashAI.Sdk;

/// <summary>
/// Tasks of one job that the queue hands out together so that they share one call (<see cref="AdapterOperation.Pack"/>). Their contexts all
/// hold the same pack. Limits count them as one call, so the adapter must make only one. If the call fails, return the failure for each
/// task: the queue then retries them one by one, without a pack, so that a bad item fails alone.
/// </summary>
public sealed class TaskPack
{
    private readonly TaskCompletionSource complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the adapter has received every task of the pack that will run.</summary>
    public Task Complete => complete.Task;

    /// <summary>Called by the queue when no more tasks will follow.</summary>
    public void Close() => complete.TrySetResult();
}
