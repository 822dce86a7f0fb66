using StashAI.Queue.Model.Tasks;

namespace StashAI.Queue.Policies;

/// <summary>
/// Decides which node runs a suspect alone. A node with other tasks reserves a suspect and claims nothing until those tasks have ended.
/// The other nodes leave it that suspect, and a place in the suspect's lane and job. So only one node drains for a suspect, and other
/// work cannot starve it.
/// </summary>
public static class Quarantine
{
    /// <summary>The number of crashes that makes a task a suspect. A task that crashes as a suspect is poisoned.</summary>
    public const int SuspectCrashes = 2;

    /// <summary>The message of an attempt that was lost with its node.</summary>
    public const string LostMessage = "The process that ran it was lost.";

    /// <summary>The message of a poisoned task.</summary>
    public const string PoisonedMessage =
        "The process that ran it was lost three times, the last time while it ran nothing else. Retry the task to try it once more.";

    /// <summary>Chooses the suspect for a node that claims.</summary>
    /// <param name="node">The node's internal key.</param>
    /// <param name="isIdle">True when the node has no tasks.</param>
    /// <param name="suspects">All available suspects.</param>
    /// <param name="lanes">The lanes from which the node may claim.</param>
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
    /// A lane as a normal claim sees it: without the suspects, and with one place less for each suspect that another node has reserved.
    /// </summary>
    public static LaneCandidate WithoutSuspects(long node, IReadOnlyList<Suspect> suspects, LaneCandidate lane)
    {
        var reserved = suspects.Count(suspect => suspect.LaneKey == lane.Key && suspect.ReservedBy is { } by && by != node);
        var room = lane.Capacity.IsCapped ? Math.Max(0, lane.Capacity.FreeCalls - reserved) : lane.Capacity.FreeCalls;
        var others = new LaneCandidate(lane.Key, lane.Clock, lane.Capacity with { FreeCalls = room, AheadCalls = reserved > 0 ? 0 : lane.Capacity.AheadCalls })
        {
            MaxRunning = lane.MaxRunning,
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
