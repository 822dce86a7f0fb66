using System.Collections.Concurrent;
using StashAI.Queue.Engine;
using StashAI.Queue.Live;
using StashAI.Queue.Model;
using StashAI.Queue.Store;

namespace StashAI.Server.Live;

/// <summary>
/// Knows which socket follows which job and task, and notes on each socket what changed. Changes of this process come from the
/// queue's feed; those of other processes are found by comparing versions, which also makes up for any hint that was lost.
/// </summary>
internal sealed class LiveHub(IRead store, QueueFeed feed, TimeProvider clock, ILogger<LiveHub> logger) : BackgroundService, IQueueListener
{
    private const int Page = 500;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>A busy process elsewhere gives many hints; versions are compared no more often than this.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(50);

    private readonly Wakeup changedElsewhere = new(clock);
    private readonly LiveTopics jobs = new();
    private readonly LiveTopics tasks = new();

    public void Subscribe(LiveKey key, LiveSubscriber subscriber) => TopicsOf(key.Kind).Add(key.Key, subscriber);

    public void Unsubscribe(LiveKey key, LiveSubscriber subscriber) => TopicsOf(key.Kind).Remove(key.Key, subscriber);

    public void OnChanged(ChangeSet changes)
    {
        if (!jobs.IsEmpty)
        {
            foreach (var job in changes.Jobs) jobs.Notify(LiveKind.Job, job.Key, job.Version, JobStateMachine.IsTerminal(job.After));
        }

        if (!tasks.IsEmpty)
        {
            foreach (var task in changes.Tasks) tasks.Notify(LiveKind.Task, task.Key, task.Version, TaskStateMachine.IsTerminal(task.State));
        }
    }

    public void OnChangedElsewhere(IReadOnlyList<long>? changed)
    {
        if (jobs.IsEmpty && tasks.IsEmpty) return;
        if (changed is null || !tasks.IsEmpty || changed.Any(jobs.Contains)) changedElsewhere.Set();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var listening = feed.Listen(this);
        while (await TickAsync(stoppingToken))
        {
            changedElsewhere.Reset();
            try
            {
                foreach (var keys in jobs.Keys.Chunk(Page)) OnChanged(await store.ReadVersionsAsync(keys, [], stoppingToken));
                foreach (var keys in tasks.Keys.Chunk(Page)) OnChanged(await store.ReadVersionsAsync([], keys, stoppingToken));
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                LiveLog.PollFailed(logger, error.Message);
            }
        }
    }

    private async Task<bool> TickAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.Delay(Settle, clock, stoppingToken);
            await changedElsewhere.WaitAsync(Pause, stoppingToken);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private LiveTopics TopicsOf(LiveKind kind) => kind == LiveKind.Job ? jobs : tasks;

    /// <summary>Who follows what, of one kind.</summary>
    private sealed class LiveTopics
    {
        private readonly ConcurrentDictionary<long, ConcurrentDictionary<LiveSubscriber, byte>> topics = new();
        private readonly Lock gate = new();

        public bool IsEmpty => topics.IsEmpty;

        public bool Contains(long key) => topics.ContainsKey(key);

        public IEnumerable<long> Keys => topics.Keys;

        public void Add(long key, LiveSubscriber subscriber)
        {
            lock (gate) topics.GetOrAdd(key, _ => new()).TryAdd(subscriber, 0);
        }

        public void Remove(long key, LiveSubscriber subscriber)
        {
            lock (gate)
            {
                if (topics.TryGetValue(key, out var subscribers) && subscribers.TryRemove(subscriber, out _) && subscribers.IsEmpty)
                    topics.TryRemove(key, out _);
            }
        }

        public void Notify(LiveKind kind, long key, long version, bool isTerminal)
        {
            if (!topics.TryGetValue(key, out var subscribers)) return;
            foreach (var (subscriber, _) in subscribers) subscriber.Note(new LiveKey(kind, key), version, isTerminal);
        }
    }
}
