using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Policies;

/// <summary>
/// Decides which node runs a suspect alone. A node that holds other tasks calls for one and claims nothing until they are over; the
/// others leave that suspect, and a place in its lane and job, to it. So one node drains for one suspect, and no flow of other work
/// can starve it.
/// </summary>
public static class Quarantine
{
    /// <summary>From so many crashes on a task is a suspect; one that crashes as a suspect is poisoned.</summary>
    public const int SuspectCrashes = 2;

    /// <summary>What an attempt that was lost with its node says.</summary>
    public const string LostMessage = "The process that ran it was lost.";

    /// <summary>What a poisoned task says.</summary>
    public const string PoisonedMessage =
        "The process that ran it was lost three times, the last time while it ran nothing else. Retry the task to try it once more.";

    /// <summary>The choice of a node that claims.</summary>
    /// <param name="node">Its internal key.</param>
    /// <param name="isIdle">True when it holds nothing.</param>
    /// <param name="suspects">All that are available.</param>
    /// <param name="lanes">The lanes from which it may claim.</param>
    public static QuarantineChoice Choose(
        long node, bool isIdle, IReadOnlyList<Suspect> suspects, IReadOnlyDictionary<long, LaneCapacity> lanes)
    {
        (Suspect Suspect, bool CanRun)? mine = null;
        Suspect? free = null;
        Suspect? reserved = null;
        foreach (var suspect in suspects)
        {
            if (!lanes.TryGetValue(suspect.LaneKey, out var capacity) || capacity.IsBlocked) continue;
            var canRun = capacity.FreeCalls > 0 && suspect.JobFreeCapacity > 0;
            if (suspect.ReservedBy == node) mine ??= (suspect, canRun);
            else if (canRun && suspect.ReservedBy is null) free ??= suspect;
            else if (canRun) reserved ??= suspect;
        }

        if (mine is var (own, ownCanRun)) return new QuarantineChoice(own.Key, isIdle && ownCanRun);
        if (isIdle) return new QuarantineChoice((free ?? reserved)?.Key, true);
        return new QuarantineChoice(free?.Key, false);
    }

    /// <summary>
    /// A lane as one sees it who claims as always: without the suspects, and with a place less for each that another node calls for.
    /// </summary>
    public static LaneCandidate WithoutSuspects(long node, IReadOnlyList<Suspect> suspects, LaneCandidate lane)
    {
        var reserved = suspects.Count(suspect => suspect.LaneKey == lane.Key && suspect.ReservedBy is { } by && by != node);
        var room = lane.Capacity.IsCapped ? Math.Max(0, lane.Capacity.FreeCalls - reserved) : lane.Capacity.FreeCalls;
        var others = new LaneCandidate(lane.Key, lane.Clock, lane.Capacity with { FreeCalls = room })
        {
            ServedAt = lane.ServedAt,
            Priority = lane.Priority,
            PackSizes = lane.PackSizes,
        };
        foreach (var job in lane.Jobs)
        {
            var own = suspects.Where(suspect => suspect.Key >> TaskKey.OrdinalBits == job.Key).ToList();
            var available = job.Available - own.Count;
            var capacity = Math.Min(available, job.Capacity - own.Count(suspect => suspect.ReservedBy is { } by && by != node));
            if (capacity > 0) others.Jobs.Add(job with { Available = available, Capacity = capacity });
        }

        return others;
    }
}
