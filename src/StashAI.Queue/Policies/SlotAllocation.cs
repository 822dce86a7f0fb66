namespace StashAI.Queue.Policies;

/// <summary>An allocation of slots.</summary>
/// <param name="Picks">The job for each slot, in the order of service.</param>
/// <param name="CappedLaneWaits">True when a lane with a hard limit has tasks but got no free slot.</param>
public sealed record SlotAllocation(IReadOnlyList<JobPick> Picks, bool CappedLaneWaits)
{
    /// <summary>
    /// True when a claim by this allocation leaves no ready task in these lanes: it used fewer slots than it had, no limit and no trial
    /// held a lane or job back, and each job gave as many tasks as it had.
    /// </summary>
    /// <param name="slots">The free slots, and those ahead of them.</param>
    /// <param name="lanes">All lanes with ready tasks, also those that are closed.</param>
    /// <param name="takenFrom">How many tasks were claimed of a job, by its key.</param>
    public bool TookAll(int slots, IReadOnlyCollection<LaneCandidate> lanes, Func<long, int> takenFrom) =>
        Picks.Count < slots && lanes.All(lane => lane.Capacity.TrialNumber is null && lane.Jobs.Count > 0
            && lane.Jobs.TrueForAll(job => takenFrom(job.Key) >= job.Available));
}
