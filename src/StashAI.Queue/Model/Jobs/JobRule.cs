namespace StashAI.Queue.Model.Jobs;

/// <summary>One row of the job's state table.</summary>
/// <param name="State">The state that the row assigns.</param>
/// <param name="When">The condition in words.</param>
/// <param name="Holds">The condition on the counters and on whether a task was ever claimed.</param>
public sealed record JobRule(JobState State, string When, Func<JobCounters, bool, bool> Holds);
