namespace StashAI.Queue.Policies;

/// <summary>An allocation of slots.</summary>
/// <param name="Picks">The job for each slot, in the order of service.</param>
/// <param name="CappedLaneWaits">True when a lane with a hard limit has tasks but got no free slot.</param>
public sealed record SlotAllocation(IReadOnlyList<JobPick> Picks, bool CappedLaneWaits);
