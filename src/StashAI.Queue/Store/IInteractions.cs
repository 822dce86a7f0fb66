using StashAI.Queue.Model.Interactions;

namespace StashAI.Queue.Store;

/// <summary>What people do in a client's pages. What these calls return is durable.</summary>
public interface IInteractions
{
    /// <summary>
    /// Stores interactions in one transaction, and counts each in its session, which is created if it is new. An interaction whose id is
    /// stored already changes nothing.
    /// </summary>
    /// <returns>The stored interactions, in the order given.</returns>
    Task<IReadOnlyList<InteractionView>> AddInteractionsAsync(
        IReadOnlyList<NewInteraction> interactions, CancellationToken cancellationToken);

    /// <summary>A page of interactions, newest first.</summary>
    Task<IReadOnlyList<InteractionView>> ListInteractionsAsync(InteractionFilter filter, CancellationToken cancellationToken);

    /// <summary>Counts interactions by action and part of a time.</summary>
    Task<ActionTable> CountActionsAsync(ActionQuery query, CancellationToken cancellationToken);

    /// <summary>One interaction, or null.</summary>
    Task<InteractionView?> FindInteractionAsync(Guid id, CancellationToken cancellationToken);
}
