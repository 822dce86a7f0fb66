using StashAI.Queue.Model.Lanes;

namespace StashAI.Queue.Policies.Circuits;

/// <summary>A lane's circuit as stored.</summary>
/// <param name="Failures">Failures in a row.</param>
/// <param name="ServerErrors">Answers 500 in a row.</param>
/// <param name="Pauses">Pauses since a task was last answered. Each one doubles the next.</param>
/// <param name="Until">When the service may be probed next, Unix milliseconds; 0 while one task tries it.</param>
public readonly record struct Circuit(CircuitState State, int Failures, int ServerErrors, int Pauses, long Until)
{
    /// <summary>True when no task is claimed except one that tries the service.</summary>
    public bool IsParked => State is CircuitState.Open or CircuitState.HalfOpen;
}
