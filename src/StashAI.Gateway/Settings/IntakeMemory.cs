namespace StashAI.Gateway.Settings;

/// <summary>
/// Bounds how many large items are in memory at once while they arrive, over all bodies. A body whose item is large waits for its place,
/// in the order of arrival, and its client with it.
/// </summary>
internal sealed class IntakeMemory(int places) : IDisposable
{
    /// <summary>Items of fewer bytes need no place.</summary>
    public const int LargeBytes = 1 << 20;

    /// <summary>What is allowed for each place: an item as it arrives and as it is stored, with the arrays that it has outgrown.</summary>
    private const int Factor = 6;

    private readonly SemaphoreSlim free = new(places);

    /// <summary>As many places as large items fit into the memory of the process, at least two.</summary>
    /// <param name="maxItemBytes">The most bytes of an item.</param>
    public static IntakeMemory OfProcess(int maxItemBytes) => new(
        (int)Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / ((long)maxItemBytes * Factor), 2, int.MaxValue));

    /// <summary>Waits for a place; return it with <see cref="Leave"/>.</summary>
    /// <exception cref="OperationCanceledException">The upload was cancelled; no place was taken.</exception>
    public Task EnterAsync(CancellationToken cancellationToken) => free.WaitAsync(cancellationToken);

    /// <summary>Gives a place back.</summary>
    public void Leave() => free.Release();

    public void Dispose() => free.Dispose();
}
