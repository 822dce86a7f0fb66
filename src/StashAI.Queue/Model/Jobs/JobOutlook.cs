namespace StashAI.Queue.Model.Jobs;

/// <summary>What decides when a job will end.</summary>
/// <param name="Open">The job's tasks that have not ended.</param>
/// <param name="Ahead">
/// Tasks of other jobs in the lane that run before its last task: all of a higher priority, and as many as its own of the same.
/// </param>
/// <param name="PerSecond">Tasks that end in the lane per second, over all nodes; null until measured.</param>
/// <param name="MeanMs">The mean duration of a call, in milliseconds.</param>
/// <param name="DeviationMs">The standard deviation of that duration.</param>
/// <param name="MaxParallel">The most tasks of the job that run at once.</param>
public sealed record JobOutlook(int Open, long Ahead, double? PerSecond, double MeanMs, double DeviationMs, int MaxParallel);
