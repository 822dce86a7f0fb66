using StashAI.Queue.Model.Jobs;

namespace StashAI.Queue.Model.Changes;

/// <summary>A job changed.</summary>
/// <param name="Key">The job's internal key.</param>
/// <param name="JobId">The job's public id.</param>
/// <param name="Version">Its version after the change.</param>
/// <param name="Before">Its state before.</param>
/// <param name="After">Its state after.</param>
public readonly record struct JobChange(long Key, Guid JobId, long Version, JobState Before, JobState After);
