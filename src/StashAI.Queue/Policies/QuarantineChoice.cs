namespace StashAI.Queue.Policies;

/// <summary>What a claim does about the suspects that wait.</summary>
/// <param name="Suspect">The suspect that the node runs, or lets its other work end for; null when it claims as always.</param>
/// <param name="TakesNow">True when the node takes it now.</param>
public readonly record struct QuarantineChoice(long? Suspect, bool TakesNow);
