namespace StashAI.Queue.Policies;

/// <summary>One free slot that goes to a job.</summary>
/// <param name="Lane">Its lane.</param>
/// <param name="Job">The job.</param>
public readonly record struct JobPick(LaneCandidate Lane, JobCandidate Job);
