namespace StashAI.Gateway.Settings;

/// <summary>
/// Bounds how many large items are in memory at once while they arrive, over all bodies. A body whose item is large waits for its place,
/// in the order of arrival, and its client with it.
/// </summary>
internal sealed class IntakeMemory(int places)
{
    /// <summary>Items of fewer bytes need no place.</summary>
    public const int LargeBytes = 1 << 20;

    /// <summary>What is allowed for each place: an item as it arrives and as it is stored, with the arrays that it has outgrown.</summary>
    private const int Factor = 6;

    private readonly Lock gate = new();
    private readonly Queue<TaskCompletionSource> waiting = new();
    private int free = places;

    /// <summary>As many places as large items fit into the memory of the process, at least two.</summary>
    /// <param name="maxItemBytes">The most bytes of an item.</param>
    public static IntakeMemory OfProcess(int maxItemBytes) => new(
        (int)Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / ((long)maxItemBytes * Factor), 2, int.MaxValue));

    /// <summary>Waits for a place; return it with <see cref="Leave"/>.</summary>
    /// <exception cref="OperationCanceledException">The upload was cancelled; no place was taken.</exception>
    public async ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource place;
        lock (gate)
        {
            if (free > 0)
            {
                free--;
                return;
            }

            place = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Enqueue(place);
        }

        await using var cancel = cancellationToken.Register(() => place.TrySetCanceled(cancellationToken));
        await place.Task;
    }

    /// <summary>Gives a place back.</summary>
    public void Leave()
    {
        lock (gate)
        {
            while (waiting.TryDequeue(out var next))
            {
                if (next.TrySetResult()) return;
            }

            free++;
        }
    }
}
