namespace StashAI.Queue.Policies;

/// <summary>An available task that was lost with its node so often that it must run alone.</summary>
/// <param name="Key">Internal key.</param>
/// <param name="LaneKey">Its lane.</param>
/// <param name="JobFreeCapacity">How many more tasks of its job may run.</param>
/// <param name="ReservedBy">The living node that finishes its other work to run it, or null.</param>
public sealed record Suspect(long Key, long LaneKey, int JobFreeCapacity, long? ReservedBy);
