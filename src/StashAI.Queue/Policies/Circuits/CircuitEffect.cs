namespace StashAI.Queue.Policies.Circuits;

/// <summary>What a transition of a circuit changes besides its state.</summary>
public enum CircuitEffect
{
    /// <summary>Failures, 500s and pauses start again at zero.</summary>
    Reset,

    /// <summary>Failures and 500s start again at zero; the next pause is still longer, until a task is answered.</summary>
    ResetFailures,

    /// <summary>One more failure in a row.</summary>
    CountFailure,

    /// <summary>One more 500 in a row.</summary>
    CountServerError,

    /// <summary>The health path may be asked at once.</summary>
    ProbeNow,

    /// <summary>Nobody asks before a pause is over; each is twice as long as the one before.</summary>
    Pause,

    /// <summary>Nobody else asks until the node that does has had its time.</summary>
    HoldProbe,

    /// <summary>Nobody else asks while the task runs.</summary>
    HoldTrial,
}
