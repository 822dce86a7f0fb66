namespace StashAI.Queue.Policies;

/// <summary>The allocation of one slot to a job.</summary>
public readonly record struct JobPick(LaneCandidate Lane, JobCandidate Job);
