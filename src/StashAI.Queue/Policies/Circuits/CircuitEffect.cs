namespace StashAI.Queue.Policies.Circuits;

/// <summary>What a circuit's transition changes besides the state.</summary>
public enum CircuitEffect
{
    /// <summary>Failures, 500s and pauses are reset to zero.</summary>
    Reset,

    /// <summary>Failures and 500s are reset to zero. The next pause still becomes longer, until a task is answered.</summary>
    ResetFailures,

    /// <summary>One more failure in a row.</summary>
    CountFailure,

    /// <summary>One more 500 in a row.</summary>
    CountServerError,

    /// <summary>The health path may be probed at once.</summary>
    ProbeNow,

    /// <summary>The service is not probed until a pause is over. Each pause is twice as long as the one before.</summary>
    Pause,

    /// <summary>No other node probes until the probing node's time is over.</summary>
    HoldProbe,

    /// <summary>No other task tries the service while the trial runs.</summary>
    HoldTrial,
}
