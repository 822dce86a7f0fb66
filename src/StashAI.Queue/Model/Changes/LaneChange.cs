using StashAI.Queue.Model.Lanes;

namespace StashAI.Queue.Model.Changes;

/// <summary>A change of the state of a lane's circuit.</summary>
/// <param name="Key">The lane's internal key.</param>
/// <param name="Authority">The authority (host and port) of its address.</param>
/// <param name="Before">The state before.</param>
/// <param name="After">The state after.</param>
/// <param name="Until">When the service is probed next, if it is down.</param>
public sealed record LaneChange(long Key, string Service, string Authority, CircuitState Before, CircuitState After, DateTimeOffset Until);
