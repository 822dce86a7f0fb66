using System.Collections.Immutable;
using StashAI.Queue.Model.Interactions;

namespace StashAI.Queue.Live;

/// <summary>Passes the interactions that this process records to its listeners.</summary>
public sealed class InteractionFeed
{
    private ImmutableArray<IInteractionListener> listeners = [];

    /// <summary>Adds a listener until the returned value is disposed.</summary>
    public IDisposable Listen(IInteractionListener listener)
    {
        ImmutableInterlocked.Update(ref listeners, (all, added) => all.Add(added), listener);
        return new Subscription(this, listener);
    }

    /// <summary>Passes the new ones among these interactions to every listener.</summary>
    public void Publish(IReadOnlyList<InteractionView> interactions)
    {
        foreach (var interaction in interactions)
        {
            if (!interaction.IsNew) continue;
            foreach (var listener in listeners) listener.OnInteraction(interaction);
        }
    }

    private sealed class Subscription(InteractionFeed feed, IInteractionListener listener) : IDisposable
    {
        public void Dispose() => ImmutableInterlocked.Update(ref feed.listeners, (all, removed) => all.Remove(removed), listener);
    }
}
