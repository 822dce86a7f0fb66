namespace StashAI.Queue.Model.Changes;

/// <summary>What happened to an outcome (S4).</summary>
public enum ApplyStatus
{
    /// <summary>The outcome was recorded.</summary>
    Applied,

    /// <summary>The outcome was recorded; because the service is down, the task got its attempt back and waits.</summary>
    Parked,

    /// <summary>This claim's outcome had been recorded before; nothing changed.</summary>
    AlreadyApplied,

    /// <summary>The claim is no longer valid; nothing changed.</summary>
    LeaseLost,
}
