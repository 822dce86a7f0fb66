using StashAI.Queue.Model.Jobs;
using StashAI.Queue.Model.Tasks;
using StashAI.Queue.Store;

namespace StashAI.Gateway.Routes.Trials;

/// <summary>An upload that keeps nothing: a trial takes its item from memory.</summary>
internal sealed class DiscardedUpload : IUpload
{
    public int TaskCount { get; private set; }

    public void KeepLargeInputsApart()
    {
    }

    public void BeginTask() => TaskCount++;

    public void BeginJobParts()
    {
    }

    public void NameTask(ItemName name)
    {
    }

    public Task IdentifyTasksAsync(IReadOnlyList<string?> ids, CancellationToken cancellationToken) => Task.CompletedTask;

    public void BeginPayload(string slot, string? dataUrlPrefix)
    {
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public void EndPayload()
    {
    }

    public ValueTask EndTaskAsync(ReadOnlyMemory<byte> input, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public Task<IReadOnlyList<int>> CopyAsync(long sourceKey, CopiedTasks which, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A trial copies no items.");

    public Task<EnqueuedJob> CommitAsync(NewJob job, CancellationToken cancellationToken) =>
        throw new NotSupportedException("A trial stores no job.");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
