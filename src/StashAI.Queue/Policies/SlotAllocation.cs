namespace StashAI.Queue.Policies;

/// <summary>How slots were divided.</summary>
/// <param name="Picks">Who gets each slot, in the order of service.</param>
/// <param name="CappedLaneWaits">True when a lane with a hard limit had more to give and got no free slot.</param>
public sealed record SlotAllocation(IReadOnlyList<JobPick> Picks, bool CappedLaneWaits);
