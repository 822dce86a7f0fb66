namespace StashAI.Queue.Policies.Circuits;

/// <summary>What can happen to a circuit.</summary>
public enum CircuitEvent
{
    /// <summary>The service answered a task, if only to refuse it.</summary>
    Answered,

    /// <summary>A call failed: no connection, time-out, 502, 503 or 504.</summary>
    Failed,

    /// <summary>A call failed and the failures in a row have reached the limit.</summary>
    FailedTooOften,

    /// <summary>The service answered 500, and there is a health path to ask.</summary>
    ServerError,

    /// <summary>It answered 500, and failures and 500s in a row have reached the limit.</summary>
    ServerErrorTooOften,

    /// <summary>A node asks the health path.</summary>
    ProbeBegun,

    /// <summary>One task was claimed to try the service.</summary>
    TrialBegun,

    /// <summary>The health path answered with a 2xx.</summary>
    ProbeSucceeded,

    /// <summary>The health path did not.</summary>
    ProbeFailed,

    /// <summary>The call of the one task failed.</summary>
    TrialFailed,
}
