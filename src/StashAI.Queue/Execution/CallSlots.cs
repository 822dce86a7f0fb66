namespace StashAI.Queue.Execution;

/// <summary>The calls that this process makes at once, whether for the queue or without it (`WORKERS`).</summary>
internal sealed class CallSlots(int count) : IDisposable
{
    private readonly SemaphoreSlim free = new(Math.Max(1, count));

    /// <summary>How many there are.</summary>
    public int Count => count;

    /// <summary>Waits for a free one; give it back with <see cref="Release"/>.</summary>
    public Task TakeAsync(CancellationToken cancellationToken) => free.WaitAsync(cancellationToken);

    public void Release() => free.Release();

    public void Dispose() => free.Dispose();
}
