namespace StashAI.Queue.Policies.Circuits;

/// <summary>What can happen to a circuit.</summary>
public enum CircuitEvent
{
    /// <summary>The service answered a task, even if it refused it.</summary>
    Answered,

    /// <summary>A call failed: no connection, a time-out, 502, 503 or 504.</summary>
    Failed,

    /// <summary>A call failed and the failures in a row have reached the limit.</summary>
    FailedTooOften,

    /// <summary>The service answered 500, and declares a health path.</summary>
    ServerError,

    /// <summary>The service answered 500, and the failures and 500s in a row have reached the limit.</summary>
    ServerErrorTooOften,

    /// <summary>A node began to probe the health path.</summary>
    ProbeBegun,

    /// <summary>A task was claimed to try the service.</summary>
    TrialBegun,

    /// <summary>The health path answered with a 2xx.</summary>
    ProbeSucceeded,

    /// <summary>The probe of the health path failed.</summary>
    ProbeFailed,

    /// <summary>The call of the task that tried the service failed.</summary>
    TrialFailed,
}
