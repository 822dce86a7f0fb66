namespace StashAI.Queue.Policies.Circuits;

/// <summary>What the outcome of an attempt shows about its service.</summary>
public enum CircuitSignal
{
    /// <summary>Nothing: the call never began, or this program aborted it.</summary>
    None,

    /// <summary>The service answered.</summary>
    Answered,

    /// <summary>The service was unreachable or too slow, or a proxy in front of it reported it down (502, 503, 504).</summary>
    Failed,

    /// <summary>
    /// The call failed like an earlier one of the same task or job, while others were answered in between. So the task is more likely at
    /// fault than the service.
    /// </summary>
    FailedAgain,

    /// <summary>The service answered with another 5xx: it is broken, or fails only for this item.</summary>
    ServerError,
}
