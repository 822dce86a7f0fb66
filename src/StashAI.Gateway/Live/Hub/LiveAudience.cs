using System.Collections.Concurrent;

namespace StashAI.Gateway.Live.Hub;

/// <summary>Who receives interactions: the sockets of a session, and clients that may follow all sessions.</summary>
internal sealed class LiveAudience
{
    private readonly ConcurrentDictionary<LiveSubscriber, string> all = new();
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<LiveSubscriber, byte>> sessions = new();
    private readonly Lock gate = new();
    private TaskCompletionSource someone = NewSignal();

    public bool IsEmpty => all.IsEmpty && sessions.IsEmpty;

    /// <summary>Completes when there is at least one listener.</summary>
    public Task SomebodyAsync()
    {
        lock (gate)
        {
            if (!IsEmpty) return Task.CompletedTask;
            if (someone.Task.IsCompleted) someone = NewSignal();
            return someone.Task;
        }
    }

    public void Join(LiveSubscriber subscriber, string session, bool hearsAll)
    {
        lock (gate)
        {
            if (hearsAll) all.TryAdd(subscriber, session);
            else sessions.GetOrAdd(session, _ => new()).TryAdd(subscriber, 0);
            someone.TrySetResult();
        }
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
        foreach (var (subscriber, _) in all) subscriber.AddInteraction(interaction);
        if (!sessions.TryGetValue(session, out var members)) return;
        foreach (var (subscriber, _) in members) subscriber.AddInteraction(interaction);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
