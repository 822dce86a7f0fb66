namespace StashAI.Queue.Signals;

/// <summary>
/// A signal that there may be work. It may be lost or repeated, so users poll too (S10). To miss no signal, call <see cref="Reset"/>,
/// look for work, and wait only if there is none.
/// </summary>
public sealed class Wakeup(TimeProvider clock)
{
    private volatile TaskCompletionSource signal = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Wakes the current or the next waiter.</summary>
    public void Set() => signal.TrySetResult();

    /// <summary>Clears an earlier signal.</summary>
    public void Reset()
    {
        if (signal.Task.IsCompleted) signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Returns at a signal or after <paramref name="timeout"/>; throws when cancelled.</summary>
    public Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken) => WaitAsync(timeout, cancellationToken, signal.Task);

    /// <summary>The same, for a signal of this or of <paramref name="other"/>.</summary>
    public Task WaitForEitherAsync(Wakeup other, TimeSpan timeout, CancellationToken cancellationToken) =>
        WaitAsync(timeout, cancellationToken, signal.Task, other.signal.Task);

    private async Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken, params Task[] signals)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny([.. signals, Task.Delay(timeout, clock, done.Token)]);
        await done.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
