using StashAI.Queue.Model.Interactions;

namespace StashAI.Queue.Live;

/// <summary>Receives recorded interactions. Must not block: it is called on the recorder's thread.</summary>
public interface IInteractionListener
{
    /// <summary>Called when the interaction is durable.</summary>
    void OnInteraction(InteractionView interaction);
}
