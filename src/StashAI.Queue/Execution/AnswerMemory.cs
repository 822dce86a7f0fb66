namespace StashAI.Queue.Execution;

/// <summary>
/// The memory that the large answers of all calls of a process take together, from their arrival until their outcomes are recorded. An
/// answer grows while it arrives, and nobody knows how large it will be, so calls may come to wait for each other: one of them at a time
/// may take more than there is (docs/adr/0052).
/// </summary>
internal sealed class AnswerMemory
{
    private const long Least = 32L << 20;
    private const long Most = 512L << 20;

    private readonly Lock gate = new();
    private readonly LinkedList<Waiter> waiting = new();
    private long free;

    /// <summary>The call that has more than there was; null while nothing is missing. Others wait only while there is one.</summary>
    private AnswerShare? beyond;

    /// <param name="capacity">What they may take together, in bytes.</param>
    public AnswerMemory(long capacity) => free = capacity;

    /// <summary>A quarter of what the process may use, between 32 and 512 MB.</summary>
    public static AnswerMemory OfProcess() =>
        new(Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, Least, Most));

    /// <summary>Takes bytes for a call; returns a wait where they do not fit.</summary>
    internal Waiter? Take(AnswerShare share, long bytes)
    {
        lock (gate)
        {
            if (TryGive(share, bytes)) return null;
            var waiter = new Waiter(share, bytes);
            waiting.AddLast(waiter);
            return waiter;
        }
    }

    /// <summary>Ends a wait without bytes, unless it has them already.</summary>
    internal void Leave(Waiter waiter, CancellationToken cancellationToken)
    {
        lock (gate)
        {
            if (waiting.Remove(waiter)) waiter.Given.SetCanceled(cancellationToken);
        }
    }

    /// <summary>Takes from a call what it has beyond so many bytes, and gives it to those that wait: the oldest first, then whoever fits.
    /// </summary>
    internal void Shrink(AnswerShare share, long bytes)
    {
        lock (gate)
        {
            if (share.Taken > bytes) (free, share.Taken) = (free + share.Taken - bytes, bytes);
            if (free >= 0) beyond = null;
            for (var next = waiting.First; next is not null;)
            {
                var (node, waiter) = (next, next.Value);
                next = next.Next;
                if (!TryGive(waiter.Share, waiter.Bytes)) continue;
                waiting.Remove(node);
                waiter.Given.SetResult();
            }
        }
    }

    private bool TryGive(AnswerShare share, long bytes)
    {
        if (free < bytes)
        {
            if (beyond is not null && beyond != share) return false;
            beyond = share;
        }

        free -= bytes;
        share.Taken += bytes;
        return true;
    }

    /// <summary>A call that waits.</summary>
    internal sealed record Waiter(AnswerShare Share, long Bytes)
    {
        public TaskCompletionSource Given { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}

/// <summary>What one call has of the memory for answers.</summary>
internal sealed class AnswerShare(AnswerMemory memory)
{
    /// <summary>What a call needs for each byte: the answer as it arrives, and as it is kept.</summary>
    public const int Factor = 2;

    /// <summary>The bytes that it has; changed by the memory alone.</summary>
    internal long Taken { get; set; }

    /// <summary>Takes memory for so many bytes of an answer; a task that has not ended waits for it.</summary>
    public Task TakeAsync(long bytes, CancellationToken cancellationToken) =>
        memory.Take(this, bytes * Factor) is { } waiter ? WaitAsync(waiter, cancellationToken) : Task.CompletedTask;

    /// <summary>Gives back what is not needed for so many bytes.</summary>
    public void Keep(long bytes) => memory.Shrink(this, bytes * Factor);

    private async Task WaitAsync(AnswerMemory.Waiter waiter, CancellationToken cancellationToken)
    {
        using var leaving = cancellationToken.UnsafeRegister(
            (_, token) => memory.Leave(waiter, token), null);
        await waiter.Given.Task;
    }
}
