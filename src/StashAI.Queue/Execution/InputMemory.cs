namespace StashAI.Queue.Execution;

/// <summary>
/// The memory that large inputs of running calls may take together. A call waits until its part is free, in the order of arrival; one that
/// needs more than there is runs alone.
/// </summary>
internal sealed class InputMemory
{
    /// <summary>What a call needs for each byte of its inputs: the input, and what is made of it on the way to the service.</summary>
    private const int Factor = 2;

    private const long Least = 32L << 20;
    private const long Most = 512L << 20;

    private readonly Lock gate = new();
    private readonly Queue<(long Bytes, TaskCompletionSource Taken)> waiting = new();
    private readonly long capacity;
    private long free;

    /// <param name="capacity">What they may take together, in bytes.</param>
    public InputMemory(long capacity) => (this.capacity, free) = (capacity, capacity);

    /// <summary>A quarter of what the process may use, between 32 and 512 MB.</summary>
    public static InputMemory OfProcess() =>
        new(Math.Clamp(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4, Least, Most));

    /// <summary>Takes the memory for inputs of so many bytes; dispose the result.</summary>
    public async ValueTask<InputRoom> TakeAsync(long inputBytes)
    {
        var room = new InputRoom(this);
        await room.TakeAsync(inputBytes);
        return room;
    }

    /// <summary>Waits until so many bytes of inputs fit; returns what was taken.</summary>
    internal async ValueTask<long> WaitAsync(long inputBytes)
    {
        if (inputBytes == 0) return 0;
        var bytes = inputBytes > capacity / Factor ? capacity : inputBytes * Factor;
        TaskCompletionSource taken;
        lock (gate)
        {
            if (waiting.Count == 0 && free >= bytes)
            {
                free -= bytes;
                return bytes;
            }

            taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting.Enqueue((bytes, taken));
        }

        await taken.Task;
        return bytes;
    }

    internal void Release(long bytes)
    {
        lock (gate)
        {
            free += bytes;
            while (waiting.TryPeek(out var next) && free >= next.Bytes)
            {
                free -= next.Bytes;
                waiting.Dequeue().Taken.SetResult();
            }
        }
    }
}

/// <summary>The part of a call.</summary>
internal sealed class InputRoom(InputMemory memory) : IDisposable
{
    private long taken;

    /// <summary>Takes everything: no other call with large inputs runs until this is disposed.</summary>
    public ValueTask TakeAllAsync() => TakeAsync(long.MaxValue);

    internal async ValueTask TakeAsync(long inputBytes)
    {
        // What this call has is given back first, or two calls that want everything would wait for each other.
        Dispose();
        taken = await memory.WaitAsync(inputBytes);
    }

    public void Dispose()
    {
        if (taken > 0) memory.Release(taken);
        taken = 0;
    }
}
