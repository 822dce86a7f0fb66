using StashAI.Queue.Model.Jobs;

namespace StashAI.Queue.Model.Changes;

/// <param name="Key">The job's internal key.</param>
/// <param name="JobId">The job's public id.</param>
/// <param name="Version">The job's version after the change.</param>
/// <param name="Before">The state before the change.</param>
/// <param name="After">The state after the change.</param>
public readonly record struct JobChange(long Key, Guid JobId, long Version, JobState Before, JobState After);
