using StashAI.Queue.Model.Interactions;

namespace StashAI.Queue.Live;

/// <summary>Hears of recorded interactions. Called on the recorder's thread: it must only note them and return.</summary>
public interface IInteractionListener
{
    /// <summary>This interaction is durable.</summary>
    void OnInteraction(InteractionView interaction);
}
