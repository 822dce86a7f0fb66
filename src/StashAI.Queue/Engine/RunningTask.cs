namespace StashAI.Queue.Engine;

/// <summary>A task that this process holds.</summary>
public sealed class RunningTask : IDisposable
{
    private readonly Lock gate = new();
    private CancellationTokenSource? call;
    private bool isOver;

    /// <summary>True when somebody asked to cancel it.</summary>
    public bool IsCancelled { get; private set; }

    /// <summary>The source that aborts its call from now on; already cancelled when a cancel came first.</summary>
    public CancellationTokenSource Begin(params ReadOnlySpan<CancellationToken> tokens)
    {
        lock (gate)
        {
            call = CancellationTokenSource.CreateLinkedTokenSource(tokens);
            if (IsCancelled) call.Cancel();
            return call;
        }
    }

    /// <summary>Aborts the call, now or when it begins.</summary>
    public void Cancel()
    {
        lock (gate)
        {
            if (isOver) return;
            IsCancelled = true;
            // From a timer's thread: whatever goes on after the call must not run on the caller's, which renews the lease.
            call?.CancelAfter(TimeSpan.Zero);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (gate)
        {
            isOver = true;
            call?.Dispose();
        }
    }
}
