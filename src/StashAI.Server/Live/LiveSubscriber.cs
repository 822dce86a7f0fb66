namespace StashAI.Server.Live;

/// <summary>
/// What one client still has to be told: ids, each at most once, bounded by its subscriptions. What happened in between is conflated;
/// the end of a task or job is always told, because what is sent is the state at the time of sending.
/// </summary>
internal sealed class LiveSubscriber(TimeProvider clock)
{
    /// <summary>Progress goes out at most this often; ends go out at once.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(25);

    private readonly Lock gate = new();
    private readonly Dictionary<LiveKey, long> sent = [];
    private readonly HashSet<LiveKey> pending = [];
    private TaskCompletionSource any = NewSignal();
    private TaskCompletionSource urgent = NewSignal();

    /// <summary>How many jobs and tasks it follows.</summary>
    public int Count
    {
        get
        {
            lock (gate) return sent.Count;
        }
    }

    /// <summary>Begins to follow, and wants the current state; false when it did already.</summary>
    public bool Follow(LiveKey key)
    {
        lock (gate)
        {
            var isNew = !sent.ContainsKey(key);
            sent[key] = -1;
            Add(key, isUrgent: true);
            return isNew;
        }
    }

    public bool Unfollow(LiveKey key)
    {
        lock (gate)
        {
            pending.Remove(key);
            return sent.Remove(key);
        }
    }

    /// <summary>Everything it follows.</summary>
    public LiveKey[] Keys()
    {
        lock (gate) return [.. sent.Keys];
    }

    /// <summary>There is a new version.</summary>
    public void Note(LiveKey key, long version, bool isTerminal)
    {
        lock (gate)
        {
            if (sent.TryGetValue(key, out var last) && version > last) Add(key, isTerminal);
        }
    }

    /// <summary>Waits until something is to be told, and takes it.</summary>
    public async Task<LiveKey[]> TakeAsync(CancellationToken cancellationToken)
    {
        Task waiting;
        lock (gate) waiting = any.Task;
        await waiting.WaitAsync(cancellationToken);
        lock (gate)
        {
            LiveKey[] keys = [.. pending];
            pending.Clear();
            any = NewSignal();
            urgent = NewSignal();
            return keys;
        }
    }

    /// <summary>Waits a moment after a round, less when an end came.</summary>
    public async Task PaceAsync(CancellationToken cancellationToken)
    {
        Task waiting;
        lock (gate) waiting = urgent.Task;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(waiting, Task.Delay(Pace, clock, over.Token));
        await over.CancelAsync();
    }

    /// <summary>True when this version is news to the client, and notes that it was told.</summary>
    public bool Tell(LiveKey key, long version)
    {
        lock (gate)
        {
            if (!sent.TryGetValue(key, out var last) || version <= last) return false;
            sent[key] = version;
            return true;
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
