using StashAI.Queue.Model.Jobs;

namespace StashAI.Queue.Model.Changes;

/// <summary>A repair of a job whose counters were not the sums over its tasks.</summary>
/// <param name="JobId">The job's public id.</param>
/// <param name="Before">The counters as stored.</param>
/// <param name="After">The counters as summed over the tasks.</param>
public sealed record CounterRepair(Guid JobId, JobCounters Before, JobCounters After, ChangeSet Changes);
