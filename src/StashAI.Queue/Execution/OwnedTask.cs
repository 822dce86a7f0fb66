namespace StashAI.Queue.Execution;

/// <summary>A task that this process has claimed and whose outcome is not recorded yet.</summary>
public sealed class OwnedTask : IDisposable
{
    private readonly Lock gate = new();
    private readonly Action? onCancelledBeforeStart;
    private CancellationTokenSource? call;
    private bool isStarted;

    /// <summary>
    /// Creates a waiting task; <paramref name="onCancelledBeforeStart"/> is called once if it is cancelled before it starts.
    /// </summary>
    public OwnedTask(int fence, Action? onCancelledBeforeStart)
    {
        Fence = fence;
        this.onCancelledBeforeStart = onCancelledBeforeStart;
    }

    /// <summary>The number of the claim.</summary>
    public int Fence { get; }

    /// <summary>The store's note that the call began; -1 for none.</summary>
    public int CallNote { get; set; } = -1;

    /// <summary>True once a cancel was requested.</summary>
    public bool IsCancelled { get; private set; }

    /// <summary>True when only the outcome remains to be recorded.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Marks the task as started; false when it was cancelled before.</summary>
    public bool TryStart()
    {
        lock (gate)
        {
            if (IsCancelled) return false;
            isStarted = true;
            return true;
        }
    }

    /// <summary>Returns the source that aborts the call; it is already cancelled if the task is.</summary>
    public CancellationTokenSource BeginCall(params ReadOnlySpan<CancellationToken> tokens)
    {
        lock (gate)
        {
            call?.Dispose();
            call = CancellationTokenSource.CreateLinkedTokenSource(tokens);
            if (IsCancelled) call.Cancel();
            return call;
        }
    }

    /// <summary>Aborts the call, or ends the task if it still waits for a slot.</summary>
    public void Cancel()
    {
        lock (gate)
        {
            if (IsEnded || IsCancelled) return;
            IsCancelled = true;
            // Cancels on a timer's thread: continuations of the call must not run on the caller, which is the lease thread.
            call?.CancelAfter(TimeSpan.Zero);
            if (isStarted) return;
        }

        onCancelledBeforeStart?.Invoke();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            IsEnded = true;
            call?.Dispose();
        }
    }
}
