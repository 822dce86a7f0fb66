using StashAI.Queue.Model.Lanes;

namespace StashAI.Queue.Policies.Circuits;

/// <summary>A lane's circuit, as its row has it.</summary>
/// <param name="State">Where it stands.</param>
/// <param name="Failures">Failures in a row.</param>
/// <param name="ServerErrors">Answers 500 in a row.</param>
/// <param name="Pauses">Pauses since a task was last answered; each doubles the next.</param>
/// <param name="Until">Nobody asks the service before, Unix milliseconds; 0 while one task tries it.</param>
public readonly record struct Circuit(CircuitState State, int Failures, int ServerErrors, int Pauses, long Until)
{
    /// <summary>True when nothing is claimed but a trial.</summary>
    public bool IsParked => State is CircuitState.Open or CircuitState.HalfOpen;
}
