using System.Collections.Concurrent;

namespace StashAI.Gateway.Live.Hub;

/// <summary>
/// Which clients follow what. Progress that very many clients follow is passed on only now and then, so that publishing stays cheap for the
/// workers; the comparison of versions finds what was left out. An end is always passed on.
/// </summary>
internal sealed class LiveTopics(TimeProvider clock)
{
    /// <summary>Up to this many followers get every change.</summary>
    private const int Crowd = 100;

    /// <summary>With more followers, progress is passed on at most this often.</summary>
    private static readonly TimeSpan CrowdPause = TimeSpan.FromMilliseconds(200);

    private readonly ConcurrentDictionary<LiveKey, Topic> topics = new();
    private readonly Lock gate = new();

    public bool IsEmpty => topics.IsEmpty;

    /// <summary>Everything that at least one client follows.</summary>
    public IEnumerable<LiveKey> Keys => topics.Select(topic => topic.Key);

    public bool Contains(LiveKey key) => topics.ContainsKey(key);

    public void Add(LiveKey key, LiveSubscriber subscriber)
    {
        lock (gate)
        {
            var topic = topics.GetOrAdd(key, _ => new Topic());
            if (topic.Subscribers.TryAdd(subscriber, 0)) topic.Count++;
        }
    }

    public void Remove(LiveKey key, LiveSubscriber subscriber)
    {
        lock (gate)
        {
            if (!topics.TryGetValue(key, out var topic) || !topic.Subscribers.TryRemove(subscriber, out _)) return;
            if (--topic.Count == 0) topics.TryRemove(key, out _);
        }
    }

    public void Notify(LiveKey key, long version, bool isTerminal)
    {
        if (!topics.TryGetValue(key, out var topic)) return;
        if (!isTerminal && topic.Count > Crowd)
        {
            var (before, now) = (Volatile.Read(ref topic.ToldAt), clock.GetTimestamp());
            if (before != 0 && clock.GetElapsedTime(before, now) < CrowdPause) return;
            // When several threads arrive at once, one of them passes the change on.
            if (Interlocked.CompareExchange(ref topic.ToldAt, now, before) != before) return;
        }

        foreach (var (subscriber, _) in topic.Subscribers) subscriber.MarkChanged(key, version, isTerminal);
    }

    private sealed class Topic
    {
        public readonly ConcurrentDictionary<LiveSubscriber, byte> Subscribers = new();
        public volatile int Count;
        public long ToldAt;
    }
}
