namespace StashAI.Queue.Execution;

/// <summary>The slots for concurrent calls of this process (<c>WORKERS</c>), shared by the queue and direct runs.</summary>
internal sealed class SharedCallSlots(int count) : IDisposable
{
    private readonly SemaphoreSlim free = new(Math.Max(1, count));

    public int Count => count;

    /// <summary>Waits for a free slot; return it with <see cref="Release"/>.</summary>
    public Task TakeAsync(CancellationToken cancellationToken) => free.WaitAsync(cancellationToken);

    public void Release() => free.Release();

    public void Dispose() => free.Dispose();
}
