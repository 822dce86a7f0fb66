namespace StashAI.Queue.Model.Interactions;

/// <summary>A stored interaction.</summary>
/// <param name="Key">Its position in the list; rises with time.</param>
/// <param name="CreatedAt">When it was received, UTC.</param>
/// <param name="IsNew">True when this call added it.</param>
public sealed record InteractionView(long Key, NewInteraction Interaction, DateTimeOffset CreatedAt, bool IsNew = false);
