namespace StashAI.Queue.Policies;

/// <summary>An available task that was lost with its node so often that it must now run alone.</summary>
/// <param name="JobFreeCapacity">How many more tasks of its job may run.</param>
/// <param name="ReservedBy">The live node that finishes its other work to run it; null for none.</param>
public sealed record Suspect(long Key, long LaneKey, int JobFreeCapacity, long? ReservedBy);
