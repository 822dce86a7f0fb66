using System.Collections.Concurrent;

namespace StashAI.Server.Live;

/// <summary>Who follows what.</summary>
internal sealed class LiveTopics
{
    private readonly ConcurrentDictionary<LiveKey, ConcurrentDictionary<LiveSubscriber, byte>> topics = new();
    private readonly Lock gate = new();

    public bool IsEmpty => topics.IsEmpty;

    /// <summary>Everything that somebody follows.</summary>
    public IEnumerable<LiveKey> Keys => topics.Select(topic => topic.Key);

    public bool Contains(LiveKey key) => topics.ContainsKey(key);

    public void Add(LiveKey key, LiveSubscriber subscriber)
    {
        lock (gate) topics.GetOrAdd(key, _ => new()).TryAdd(subscriber, 0);
    }

    public void Remove(LiveKey key, LiveSubscriber subscriber)
    {
        lock (gate)
        {
            if (topics.TryGetValue(key, out var subscribers) && subscribers.TryRemove(subscriber, out _) && subscribers.IsEmpty)
                topics.TryRemove(key, out _);
        }
    }

    public void Notify(LiveKey key, long version, bool isTerminal)
    {
        if (!topics.TryGetValue(key, out var subscribers)) return;
        foreach (var (subscriber, _) in subscribers) subscriber.Note(key, version, isTerminal);
    }
}
