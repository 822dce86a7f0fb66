using StashAI.Queue.Model.Lanes;

namespace StashAI.Queue.Policies.Circuits;

/// <summary>One row of the state machine of circuits.</summary>
/// <param name="From">The state before.</param>
/// <param name="Event">What happened.</param>
/// <param name="To">The state after.</param>
/// <param name="Effect">What else changes.</param>
public sealed record CircuitTransition(CircuitState From, CircuitEvent Event, CircuitState To, CircuitEffect Effect);
