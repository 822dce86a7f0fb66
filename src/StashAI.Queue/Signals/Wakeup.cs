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
    public async Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(signal.Task, Task.Delay(timeout, clock, done.Token));
        await done.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
