namespace StashAI.Queue.Execution;

/// <summary>A task that this process has claimed and whose outcome is not recorded yet.</summary>
public sealed class OwnedTask : IDisposable
{
    private readonly Lock gate = new();
    private readonly Action? onCancelledBeforeStart;
    private CallAbort? call;
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

    /// <summary>True when the call was aborted, for whatever reason, and has not ended.</summary>
    public bool IsAborted => call is { Token.IsCancellationRequested: true };

    /// <summary>
    /// Begins a call and returns the token that aborts it: after <paramref name="timeout"/>, with either of the other tokens, or when the
    /// task is cancelled, also if it is already.
    /// </summary>
    public CancellationToken BeginCall(TimeSpan timeout, TimeProvider clock, CancellationToken lost, CancellationToken stop)
    {
        lock (gate)
        {
            call?.Dispose();
            call = new CallAbort(timeout, clock, lost, stop);
            if (IsCancelled) call.Cancel();
            return call.Token;
        }
    }

    /// <summary>Ends the call, so that nothing aborts it any more.</summary>
    public void EndCall()
    {
        lock (gate)
        {
            call?.Dispose();
            call = null;
        }
    }

    /// <summary>Aborts the call, or ends the task if it still waits for a slot.</summary>
    public void Cancel()
    {
        lock (gate)
        {
            if (IsEnded || IsCancelled) return;
            IsCancelled = true;
            call?.CancelElsewhere();
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

    /// <summary>One source for everything that aborts a call, of which there are many.</summary>
    private sealed class CallAbort : IDisposable
    {
        private readonly CancellationTokenSource source;
        private readonly CancellationTokenRegistration lost;
        private readonly CancellationTokenRegistration stop;

        public CallAbort(TimeSpan timeout, TimeProvider clock, CancellationToken lost, CancellationToken stop)
        {
            source = new CancellationTokenSource(timeout, clock);
            Token = source.Token;
            this.lost = lost.UnsafeRegister(Cancel, source);
            this.stop = stop.UnsafeRegister(Cancel, source);
        }

        public CancellationToken Token { get; }

        public void Cancel() => source.Cancel();

        /// <summary>Continuations of the call must not run on the caller, which is the lease thread.</summary>
        public void CancelElsewhere() => source.CancelAfter(TimeSpan.Zero);

        public void Dispose()
        {
            // Waits for a cancel that is under way on another thread, which may not find a source that is disposed.
            lost.Dispose();
            stop.Dispose();
            source.Dispose();
        }

        private static void Cancel(object? source) => ((CancellationTokenSource)source!).Cancel();
    }
}
