using StashAI.Queue.Model.Lanes;

namespace StashAI.Queue.Model.Changes;

/// <summary>A lane's circuit changed its state.</summary>
/// <param name="Key">The lane's internal key.</param>
/// <param name="Service">Its service.</param>
/// <param name="Authority">Its address's authority.</param>
/// <param name="Before">The state before.</param>
/// <param name="After">The state after.</param>
/// <param name="Until">When the service is asked next, if it counts as down.</param>
public sealed record LaneChange(long Key, string Service, string Authority, CircuitState Before, CircuitState After, DateTimeOffset Until);
