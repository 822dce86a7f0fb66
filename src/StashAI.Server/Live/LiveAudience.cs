using System.Collections.Concurrent;

namespace StashAI.Server.Live;

/// <summary>Who hears of interactions: the sockets of a session, and those that may hear of all sessions.</summary>
internal sealed class LiveAudience
{
    private readonly ConcurrentDictionary<LiveSubscriber, string> all = new();
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<LiveSubscriber, byte>> sessions = new();
    private readonly Lock gate = new();

    public void Join(LiveSubscriber subscriber, string session, bool hearsAll)
    {
        if (hearsAll)
        {
            all.TryAdd(subscriber, session);
            return;
        }

        lock (gate) sessions.GetOrAdd(session, _ => new()).TryAdd(subscriber, 0);
    }

    public void Leave(LiveSubscriber subscriber, string session)
    {
        all.TryRemove(subscriber, out _);
        lock (gate)
        {
            if (sessions.TryGetValue(session, out var members) && members.TryRemove(subscriber, out _) && members.IsEmpty)
                sessions.TryRemove(session, out _);
        }
    }

    public void Tell(string session, ReadOnlyMemory<byte> interaction)
    {
        foreach (var (subscriber, _) in all) subscriber.Hear(interaction);
        if (!sessions.TryGetValue(session, out var members)) return;
        foreach (var (subscriber, _) in members) subscriber.Hear(interaction);
    }
}
