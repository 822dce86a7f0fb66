namespace StashAI.Queue.Execution;

/// <summary>A task that this process holds, from its claim until its outcome is recorded.</summary>
public sealed class RunningTask : IDisposable
{
    private readonly Lock gate = new();
    private readonly Action? onCancelledBeforeStart;
    private CancellationTokenSource? call;
    private bool isStarted;

    /// <summary>Waits for a slot; <paramref name="onCancelledBeforeStart"/> is told once when it is cancelled before it had one.</summary>
    public RunningTask(int fence, Action? onCancelledBeforeStart)
    {
        Fence = fence;
        this.onCancelledBeforeStart = onCancelledBeforeStart;
    }

    /// <summary>The claim's number.</summary>
    public int Fence { get; }

    /// <summary>The store's note that its call began; -1 for none.</summary>
    public int CallNote { get; set; } = -1;

    /// <summary>True after a cancel.</summary>
    public bool IsCancelled { get; private set; }

    /// <summary>True when only its outcome is still to be recorded.</summary>
    public bool IsEnded { get; private set; }

    /// <summary>Takes it for a slot; false when a cancel ended it before.</summary>
    public bool TryStart()
    {
        lock (gate)
        {
            if (IsCancelled) return false;
            isStarted = true;
            return true;
        }
    }

    /// <summary>The source that aborts its call from now on; already cancelled when a cancel came first.</summary>
    public CancellationTokenSource BeginCall(params ReadOnlySpan<CancellationToken> tokens)
    {
        lock (gate)
        {
            call = CancellationTokenSource.CreateLinkedTokenSource(tokens);
            if (IsCancelled) call.Cancel();
            return call;
        }
    }

    /// <summary>Aborts the call, or ends the task when it still waits for a slot.</summary>
    public void Cancel()
    {
        lock (gate)
        {
            if (IsEnded || IsCancelled) return;
            IsCancelled = true;
            // From a timer's thread: whatever goes on after the call must not run on the caller's, which renews the lease.
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
