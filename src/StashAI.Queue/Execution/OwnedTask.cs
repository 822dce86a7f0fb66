using StashAI.Sdk;

namespace StashAI.Queue.Execution;

/// <summary>A task that this process has claimed and whose outcome is not recorded yet.</summary>
public sealed class OwnedTask : ICallMemory, IDisposable
{
    private readonly Lock gate = new();
    private readonly Action? onCancelledBeforeStart;
    private CallAbort? call;
    private AnswerShare? answers;
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

    /// <summary>What large answers share; null where nobody counts them.</summary>
    internal AnswerMemory? AnswerMemory { get; set; }

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
    /// <param name="timeout">How long it may take.</param>
    /// <param name="clock">Measures it.</param>
    /// <param name="lost">Aborts it too.</param>
    /// <param name="stop">Aborts it too.</param>
    /// <param name="isFirm">True where the time also runs while the call waits for memory, as before a deadline.</param>
    public CancellationToken BeginCall(
        TimeSpan timeout, TimeProvider clock, CancellationToken lost, CancellationToken stop, bool isFirm = true)
    {
        lock (gate)
        {
            call?.Dispose();
            call = new CallAbort(timeout, isFirm, clock, lost, stop);
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

    /// <inheritdoc/>
    public ValueTask TakeAsync(long bytes, CancellationToken cancellationToken)
    {
        if (AnswerMemory is not { } memory || bytes <= 0) return ValueTask.CompletedTask;
        answers ??= new AnswerShare(memory);
        var taken = answers.TakeAsync(bytes, cancellationToken);
        return taken.IsCompletedSuccessfully ? ValueTask.CompletedTask : new ValueTask(WaitAsync(taken));
    }

    /// <summary>Gives back the memory that is not needed for a result of so many bytes.</summary>
    internal void KeepAnswer(long bytes) => answers?.Keep(bytes <= ICallMemory.FreeBytes ? 0 : bytes);

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

    /// <summary>Waits for memory; the service is not to blame for the time that it takes.</summary>
    private async Task WaitAsync(Task taken)
    {
        CallAbort? waiting;
        lock (gate)
        {
            waiting = call;
            if (!IsCancelled) waiting?.Pause();
        }

        try
        {
            await taken;
        }
        finally
        {
            lock (gate)
            {
                if (!IsCancelled && waiting is not null && waiting == call) waiting.Resume();
            }
        }
    }

    /// <summary>One source for everything that aborts a call, of which there are many.</summary>
    private sealed class CallAbort : IDisposable
    {
        private readonly CancellationTokenSource source;
        private readonly CancellationTokenRegistration lost;
        private readonly CancellationTokenRegistration stop;
        private readonly TimeProvider clock;
        private readonly bool isFirm;
        private TimeSpan left;
        private long since;

        public CallAbort(TimeSpan timeout, bool isFirm, TimeProvider clock, CancellationToken lost, CancellationToken stop)
        {
            (this.clock, this.isFirm, left, since) = (clock, isFirm, timeout, clock.GetTimestamp());
            source = new CancellationTokenSource(timeout, clock);
            Token = source.Token;
            this.lost = lost.UnsafeRegister(Cancel, source);
            this.stop = stop.UnsafeRegister(Cancel, source);
        }

        public CancellationToken Token { get; }

        public void Cancel() => source.Cancel();

        /// <summary>Continuations of the call must not run on the caller, which is the lease thread.</summary>
        public void CancelElsewhere() => source.CancelAfter(TimeSpan.Zero);

        /// <summary>Stops the time; the call may be aborted otherwise meanwhile.</summary>
        public void Pause()
        {
            if (isFirm) return;
            left -= clock.GetElapsedTime(since);
            source.CancelAfter(Timeout.InfiniteTimeSpan);
        }

        public void Resume()
        {
            if (isFirm) return;
            since = clock.GetTimestamp();
            source.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);
        }

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
