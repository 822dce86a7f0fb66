namespace StashAI.Queue.Model.Changes;

/// <summary>What became of a recorded outcome (S4).</summary>
public enum ApplyStatus
{
    /// <summary>It was recorded now.</summary>
    Applied,

    /// <summary>It was recorded now, and the task waits with its attempt given back, because the service is down.</summary>
    Parked,

    /// <summary>The same claim had recorded its outcome before; nothing changed.</summary>
    AlreadyApplied,

    /// <summary>The claim is no longer ours; nothing changed.</summary>
    LeaseLost,
}
