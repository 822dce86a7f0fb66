namespace StashAI.Queue.Model.Jobs;

/// <summary>One row of the job's state table.</summary>
/// <param name="State">The state that it means.</param>
/// <param name="When">When, in words.</param>
/// <param name="Holds">The same for counters and whether a task was ever claimed.</param>
public sealed record JobRule(JobState State, string When, Func<JobCounters, bool, bool> Holds);
