namespace StashAI.Sdk;

/// <summary>
/// Tasks of one job that are handed out together so that they can share a call (<see cref="AdapterOperation.Pack"/>): the context of each
/// has the same object. Limits count them as one call, so the adapter makes one. Where it fails, say so for each of its tasks: they come
/// again one by one, without a pack, so that one that is bad fails alone.
/// </summary>
public sealed class TaskPack
{
    private readonly TaskCompletionSource complete = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends once each of its tasks that runs has been given to the adapter.</summary>
    public Task Complete => complete.Task;

    /// <summary>The queue's word that no further task comes.</summary>
    public void Close() => complete.TrySetResult();
}
