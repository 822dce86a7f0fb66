namespace StashAI.Queue.Signals;

/// <summary>
/// A hint that there may be work. It may be lost or doubled: polling is the truth (S10). Use: <see cref="Reset"/>, look for work,
/// and wait only if there was none, so that a hint given meanwhile is not missed.
/// </summary>
public sealed class Wakeup(TimeProvider clock)
{
    private volatile TaskCompletionSource signal = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Wakes whoever waits, now or next.</summary>
    public void Set() => signal.TrySetResult();

    /// <summary>Forgets an earlier hint.</summary>
    public void Reset()
    {
        if (signal.Task.IsCompleted) signal = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Returns at a hint or after <paramref name="timeout"/>; throws when cancelled.</summary>
    public async Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(signal.Task, Task.Delay(timeout, clock, done.Token));
        await done.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }
}
