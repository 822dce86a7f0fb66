namespace StashAI.Queue.Model.Lanes;

/// <summary>A reservation to probe a service's health path. Only one node at a time holds it.</summary>
/// <param name="Address">The address to probe; may stand for a configured service.</param>
/// <param name="Token">Identifies the reservation. After it has expired, another node may hold a newer one.</param>
public sealed record LaneProbe(long LaneKey, string Service, Uri Address, long Token);
