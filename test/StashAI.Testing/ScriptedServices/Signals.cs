namespace StashAI.Testing.ScriptedServices;

/// <summary>Lets tests wait until counters satisfy a condition; costs one volatile read per change while nobody waits.</summary>
internal sealed class Signals(TimeSpan patience, Func<string> describe)
{
    private readonly Lock _lock = new();
    private readonly List<(Func<bool> Condition, TaskCompletionSource Done)> _waiters = [];
    private int _waiting;

    public async Task WaitAsync(Func<bool> condition, string what, CancellationToken cancellationToken)
    {
        var waiter = (Condition: condition, Done: new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (_lock)
        {
            _waiters.Add(waiter);
            // The count rises before the condition is looked at, and counters change before Pulse reads the count:
            // a change is seen here or there.
            Interlocked.Increment(ref _waiting);
        }

        Pulse();
        try
        {
            await waiter.Done.Task.WaitAsync(patience, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Waited {patience.TotalSeconds:0} s for {what}: {describe()}.");
        }
        finally
        {
            lock (_lock)
            {
                if (_waiters.Remove(waiter))
                {
                    Interlocked.Decrement(ref _waiting);
                }
            }
        }
    }

    /// <summary>Called after counters changed.</summary>
    public void Pulse()
    {
        if (Volatile.Read(ref _waiting) == 0)
        {
            return;
        }

        lock (_lock)
        {
            for (var i = _waiters.Count - 1; i >= 0; i--)
            {
                if (_waiters[i].Condition())
                {
                    _waiters[i].Done.SetResult();
                    _waiters.RemoveAt(i);
                    Interlocked.Decrement(ref _waiting);
                }
            }
        }
    }
}
