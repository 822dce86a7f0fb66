using System.Collections.Frozen;

namespace StashAI.Queue.Policies;

/// <summary>An open lane with its next jobs.</summary>
/// <param name="Clock">The lane's virtual time, in micro-units.</param>
/// <param name="Capacity">How many calls the lane may begin.</param>
public sealed record LaneCandidate(long Key, long Clock, LaneCapacity Capacity)
{
    /// <summary>The most calls that may run at once, on all nodes; null for no limit.</summary>
    public int? MaxRunning { get; init; }

    /// <summary>When it was last served, Unix milliseconds. The lane that has waited longer comes first.</summary>
    public long ServedAt { get; init; }

    /// <summary>The priority of its next job, by which a claim chooses among many lanes.</summary>
    public int Priority { get; init; }

    /// <summary>How many tasks share a call, by task type; null when each task has its own.</summary>
    public IReadOnlyDictionary<string, int>? PackSizes { get; init; }

    /// <summary>The lane's next jobs, in the order of service.</summary>
    public List<JobCandidate> Jobs { get; } = [];

    /// <summary>The limits on concurrent calls, by lane.</summary>
    public static IReadOnlyDictionary<long, int> LimitsOf(IReadOnlyCollection<LaneCandidate> lanes)
    {
        Dictionary<long, int>? limits = null;
        foreach (var lane in lanes)
        {
            if (lane.MaxRunning is { } most) (limits ??= [])[lane.Key] = most;
        }

        return limits is null ? FrozenDictionary<long, int>.Empty : limits;
    }

    /// <summary>
    /// The virtual time after a claim. It increases by the claimed tasks divided by the weight of the competing jobs, so that new jobs,
    /// which start at the lane's virtual time, do not overtake older ones. With more jobs than candidates it increases slightly faster,
    /// which favours old jobs.
    /// </summary>
    public long ClockAfter(int claimed) =>
        Clock + (claimed * JobCandidate.VirtualTimeUnit / Math.Max(1, Jobs.Sum(job => (long)job.Weight)));
}
