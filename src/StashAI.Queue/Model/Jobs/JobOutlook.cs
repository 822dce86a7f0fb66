namespace StashAI.Queue.Model.Jobs;

/// <summary>What decides when a job is over.</summary>
/// <param name="Open">Its own tasks that are not over.</param>
/// <param name="Ahead">Tasks of other jobs of its lane that are served before its last one: all of a higher priority, and of the same one as many as it has itself.</param>
/// <param name="PerSecond">Tasks that the lane ends in a second, over all nodes; null until that was measured.</param>
/// <param name="MeanMs">How long a call takes.</param>
/// <param name="DeviationMs">The standard deviation of that.</param>
/// <param name="MaxParallel">The most tasks of the job that run at once.</param>
public sealed record JobOutlook(int Open, long Ahead, double? PerSecond, double MeanMs, double DeviationMs, int MaxParallel);
