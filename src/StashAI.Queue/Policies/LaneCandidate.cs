namespace StashAI.Queue.Policies;

/// <summary>A lane that is open, with the jobs that come next in it.</summary>
/// <param name="Key">Internal key.</param>
/// <param name="Clock">Its virtual time, in micro-units.</param>
/// <param name="Capacity">How far its gate is open.</param>
public sealed record LaneCandidate(long Key, long Clock, LaneCapacity Capacity)
{
    /// <summary>When it was last served, Unix milliseconds: of two lanes the one that waited longer comes first.</summary>
    public long ServedAt { get; init; }

    /// <summary>The priority of the job that comes next in it, where a claim chooses among many lanes.</summary>
    public int Priority { get; init; }

    /// <summary>How many tasks of a type share a call; null where each has its own.</summary>
    public IReadOnlyDictionary<string, int>? PackSizes { get; init; }

    /// <summary>Its next jobs, in the order of service.</summary>
    public List<JobCandidate> Jobs { get; } = [];

    /// <summary>
    /// The clock after a claim: it moves by what was claimed over the weight of the jobs that compete, never faster, so that
    /// newcomers, who start at the clock, do not overtake what has waited. With more jobs than candidates it moves a little fast,
    /// which favours old jobs.
    /// </summary>
    public long ClockAfter(int claimed) => Clock + (claimed * JobCandidate.VirtualTimeUnit / Math.Max(1, Jobs.Sum(job => (long)job.Weight)));
}
