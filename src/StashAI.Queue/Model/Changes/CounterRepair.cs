using StashAI.Queue.Model.Jobs;

namespace StashAI.Queue.Model.Changes;

/// <summary>A job whose counters were not the sums over its tasks, and now are.</summary>
/// <param name="JobId">Its public id.</param>
/// <param name="Before">What its row said.</param>
/// <param name="After">What its tasks say.</param>
/// <param name="Changes">What the repair changed.</param>
public sealed record CounterRepair(Guid JobId, JobCounters Before, JobCounters After, ChangeSet Changes);
