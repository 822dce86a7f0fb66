namespace StashAI.Gateway.Live.Hub;

/// <summary>
/// What one client still has to receive: ids, each at most once, so that the client's subscriptions bound the queue. Changes in between are
/// conflated. The end of a task or job is always sent, because the state is read at the time of sending.
/// </summary>
internal sealed class LiveSubscriber(TimeProvider clock, LiveLimits limits)
{
    private readonly Lock gate = new();
    private readonly Dictionary<LiveKey, long> sent = [];
    private readonly HashSet<LiveKey> pending = [];
    private readonly Queue<ReadOnlyMemory<byte>> interactions = new();
    private readonly Dictionary<(bool IsOfJobs, string Name), ListSubscription> lists = [];
    private TaskCompletionSource any = NewSignal();
    private TaskCompletionSource urgent = NewSignal();

    /// <summary>Number of subscriptions.</summary>
    public int Count
    {
        get
        {
            lock (gate) return sent.Count;
        }
    }

    /// <summary>Adds a subscription, or asks for the current state again.</summary>
    /// <returns>False when the client has reached its limit.</returns>
    public bool TrySubscribe(LiveKey key)
    {
        lock (gate)
        {
            if (sent.Count >= limits.MaxSubscriptions && !sent.ContainsKey(key)) return false;
            sent[key] = -1;
            return true;
        }
    }

    /// <summary>Adds a list, in place of one of the same name.</summary>
    /// <returns>False when the client has reached its limit; else the list, and the one before.</returns>
    public bool TryAddList(LiveFilter filter, string name, out ListSubscription added, out ListSubscription? before)
    {
        added = new ListSubscription(filter, name, limits.MaxListChanges, Wake);
        lock (gate)
        {
            var key = (filter.Query is not null, name);
            if (!lists.TryGetValue(key, out before) && lists.Count >= limits.MaxLists) return false;
            lists[key] = added;
            return true;
        }
    }

    /// <summary>Removes a list; null when there is none of this name.</summary>
    public ListSubscription? RemoveList(bool isOfJobs, string name)
    {
        lock (gate) return lists.Remove((isOfJobs, name), out var list) ? list : null;
    }

    /// <summary>All lists.</summary>
    public ListSubscription[] Lists()
    {
        lock (gate) return [.. lists.Values];
    }

    /// <summary>Queues the current state.</summary>
    public void Request(LiveKey key)
    {
        lock (gate)
        {
            if (sent.ContainsKey(key)) Add(key, isUrgent: true);
        }
    }

    public void Unsubscribe(LiveKey key)
    {
        lock (gate)
        {
            pending.Remove(key);
            sent.Remove(key);
        }
    }

    /// <summary>All subscriptions.</summary>
    public LiveKey[] Keys()
    {
        lock (gate) return [.. sent.Keys];
    }

    /// <summary>Queues a job, task or the statistics when this version is new.</summary>
    public void MarkChanged(LiveKey key, long version, bool isTerminal)
    {
        lock (gate)
        {
            if (sent.TryGetValue(key, out var last) && version > last) Add(key, isTerminal);
        }
    }

    /// <summary>Queues an interaction. Interactions are events, not states, so a client that is too slow loses the oldest.</summary>
    public void AddInteraction(ReadOnlyMemory<byte> interaction)
    {
        lock (gate)
        {
            if (interactions.Count >= limits.MaxInteractions) interactions.Dequeue();
            interactions.Enqueue(interaction);
            any.TrySetResult();
        }
    }

    /// <summary>Waits until there is something to send, and takes it.</summary>
    public async Task<(LiveKey[] Keys, ReadOnlyMemory<byte>[] Interactions)> TakeAsync(CancellationToken cancellationToken)
    {
        Task waiting;
        lock (gate) waiting = any.Task;
        await waiting.WaitAsync(cancellationToken);
        lock (gate)
        {
            LiveKey[] keys = [.. pending];
            ReadOnlyMemory<byte>[] queued = [.. interactions];
            pending.Clear();
            interactions.Clear();
            any = NewSignal();
            urgent = NewSignal();
            return (keys, queued);
        }
    }

    /// <summary>Puts back what could not be read, for the next round.</summary>
    public void PutBack(ReadOnlySpan<LiveKey> keys)
    {
        lock (gate)
        {
            foreach (var key in keys)
            {
                if (sent.ContainsKey(key)) Add(key, isUrgent: false);
            }
        }
    }

    /// <summary>Waits until there is something to send.</summary>
    public Task WaitAsync(CancellationToken cancellationToken)
    {
        lock (gate) return any.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Waits between two rounds; shorter when a job or task has ended.</summary>
    public async Task WaitForNextRoundAsync(TimeSpan pause, CancellationToken cancellationToken)
    {
        Task waiting;
        lock (gate) waiting = urgent.Task;
        if (waiting.IsCompleted) return;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(waiting, Task.Delay(pause, clock, over.Token));
        await over.CancelAsync();
    }

    /// <summary>True when the client has not been sent this version yet; remembers it as sent.</summary>
    public bool TryMarkSent(LiveKey key, long version)
    {
        lock (gate)
        {
            if (!sent.TryGetValue(key, out var last) || version <= last) return false;
            sent[key] = version;
            return true;
        }
    }

    private void Wake()
    {
        lock (gate)
        {
            any.TrySetResult();
            urgent.TrySetResult();
        }
    }

    private void Add(LiveKey key, bool isUrgent)
    {
        pending.Add(key);
        any.TrySetResult();
        if (isUrgent) urgent.TrySetResult();
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
