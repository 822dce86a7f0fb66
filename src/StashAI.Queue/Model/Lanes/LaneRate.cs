namespace StashAI.Queue.Model.Lanes;

/// <summary>How fast one node works in one lane, averaged over the last minutes in which it had work there.</summary>
/// <param name="LaneKey">The lane's internal key.</param>
/// <param name="PerSecond">Tasks that ended, per second of work.</param>
/// <param name="MeanMs">How long their last calls took, in milliseconds.</param>
/// <param name="DeviationMs">The standard deviation of that.</param>
/// <param name="LastMinute">Tasks that ended in the last minute.</param>
public readonly record struct LaneRate(long LaneKey, double PerSecond, double MeanMs, double DeviationMs, int LastMinute);
