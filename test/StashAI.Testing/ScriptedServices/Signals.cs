namespace StashAI.Testing.ScriptedServices;

/// <summary>Lets tests wait until counters satisfy a condition; costs one volatile read per change while nobody waits.</summary>
internal sealed class Signals(TimeSpan patience, Func<string> describe)
{
    private readonly Lock theLock = new();
    private readonly List<(Func<bool> Condition, TaskCompletionSource Done)> waiters = [];
    private int waiting;

    public async Task WaitAsync(Func<bool> condition, string what, CancellationToken cancellationToken)
    {
        var waiter = (Condition: condition, Done: new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        lock (theLock)
        {
            waiters.Add(waiter);
            // The count rises before the condition is looked at, and counters change before Pulse reads the count:
            // a change is seen here or there.
            Interlocked.Increment(ref waiting);
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
            lock (theLock)
            {
                if (waiters.Remove(waiter))
                {
                    Interlocked.Decrement(ref waiting);
                }
            }
        }
    }

    /// <summary>Called after counters changed.</summary>
    public void Pulse()
    {
        if (Volatile.Read(ref waiting) == 0)
        {
            return;
        }

        lock (theLock)
        {
            for (var i = waiters.Count - 1; i >= 0; i--)
            {
                if (waiters[i].Condition())
                {
                    waiters[i].Done.SetResult();
                    waiters.RemoveAt(i);
                    Interlocked.Decrement(ref waiting);
                }
            }
        }
    }
}
