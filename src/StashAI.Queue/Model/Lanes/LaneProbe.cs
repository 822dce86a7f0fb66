namespace StashAI.Queue.Model.Lanes;

/// <summary>The right to ask a service's health path, which one node has at a time.</summary>
/// <param name="LaneKey">The lane.</param>
/// <param name="Service">Its service.</param>
/// <param name="Address">The address to ask; may be of a configured service.</param>
/// <param name="Token">Guards the answer: another node may ask after the time for this one.</param>
public sealed record LaneProbe(long LaneKey, string Service, Uri Address, long Token);
