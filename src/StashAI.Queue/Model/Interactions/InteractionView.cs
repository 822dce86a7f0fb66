namespace StashAI.Queue.Model.Interactions;

/// <summary>An interaction as it is kept.</summary>
/// <param name="Key">Rises with time: the place in the list.</param>
/// <param name="Interaction">What was done.</param>
/// <param name="CreatedAt">When it came in, UTC.</param>
/// <param name="IsNew">True where it was added by this call.</param>
public sealed record InteractionView(long Key, NewInteraction Interaction, DateTimeOffset CreatedAt, bool IsNew = false);
