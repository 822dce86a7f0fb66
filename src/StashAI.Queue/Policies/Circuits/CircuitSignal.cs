namespace StashAI.Queue.Policies.Circuits;

/// <summary>What the end of an attempt says about its service.</summary>
public enum CircuitSignal
{
    /// <summary>Nothing: the call never began, or was broken off on our side.</summary>
    None,

    /// <summary>The service answered.</summary>
    Answered,

    /// <summary>It could not be reached, took too long, or something before it said that it is down (502, 503, 504).</summary>
    Failed,

    /// <summary>
    /// It failed for a task or a job that failed before, while others were answered in between: that says more about the task than about
    /// the service.
    /// </summary>
    FailedAgain,

    /// <summary>It answered with another 5xx: broken, or only broken for this item.</summary>
    ServerError,
}
