namespace StashAI.Queue.Policies;

/// <summary>What a claim does about waiting suspects.</summary>
/// <param name="Suspect">The suspect that the node runs, or reserves until its other work has ended; null for a normal claim.</param>
/// <param name="TakesNow">True when the node claims it now.</param>
public readonly record struct QuarantineChoice(long? Suspect, bool TakesNow);
