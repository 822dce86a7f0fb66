namespace StashAI.Queue.Model.Lanes;

/// <summary>How fast one node works in one lane, averaged over its last minutes with work there.</summary>
/// <param name="LaneKey">The lane's internal key.</param>
/// <param name="PerSecond">Ended tasks per second of work.</param>
/// <param name="MeanMs">The mean duration of their last calls, in milliseconds.</param>
/// <param name="DeviationMs">The standard deviation of that duration.</param>
/// <param name="LastMinute">Tasks that ended in the last minute.</param>
public readonly record struct LaneRate(long LaneKey, double PerSecond, double MeanMs, double DeviationMs, int LastMinute);
