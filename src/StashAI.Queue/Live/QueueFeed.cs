using System.Collections.Immutable;
using StashAI.Queue.Model.Changes;

namespace StashAI.Queue.Live;

/// <summary>Passes the committed changes of this process to its listeners.</summary>
public sealed class QueueFeed
{
    private ImmutableArray<IQueueListener> listeners = [];

    /// <summary>Adds a listener until the returned value is disposed.</summary>
    public IDisposable Listen(IQueueListener listener)
    {
        ImmutableInterlocked.Update(ref listeners, (all, added) => all.Add(added), listener);
        return new Subscription(this, listener);
    }

    public void Publish(ChangeSet changes)
    {
        if (changes.IsEmpty) return;
        foreach (var listener in listeners) listener.OnChanged(changes);
    }

    /// <summary>Tells every listener that another process has changed these jobs; null means any job.</summary>
    public void PublishElsewhere(IReadOnlyList<long>? jobs)
    {
        foreach (var listener in listeners) listener.OnChangedElsewhere(jobs);
    }

    private sealed class Subscription(QueueFeed feed, IQueueListener listener) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref feed.listeners, (all, removed) => all.Remove(removed), listener);
    }
}
