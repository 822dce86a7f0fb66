namespace StashAI.Queue.Model.Tasks;

/// <summary>What can happen to a task.</summary>
public enum TaskEvent
{
    /// <summary>Its due time has come.</summary>
    Due,

    /// <summary>A node claimed it.</summary>
    Claim,

    /// <summary>The service answered.</summary>
    Succeed,

    /// <summary>It failed with a temporary error, and attempts are left.</summary>
    RetryLater,

    /// <summary>The service asked to wait.</summary>
    Throttle,

    /// <summary>It failed permanently: by a permanent error, its last attempt, its deadline, or throttling for too long.</summary>
    Fail,

    /// <summary>
    /// Its claim ended without a result or a fault of its own: the node stopped, left, registered again or was lost before the call began,
    /// or a call that it shared with others failed.
    /// </summary>
    Release,

    /// <summary>Its call was lost with its node.</summary>
    LoseLease,

    /// <summary>Its node was lost while it ran nothing but this task.</summary>
    Poison,

    /// <summary>A cancel was requested.</summary>
    AskCancel,

    /// <summary>After a cancel, its call was aborted or failed.</summary>
    Abort,

    /// <summary>A person retried it.</summary>
    RetryByPerson,

    /// <summary>Its call failed because the service is down: the failure opened the lane's circuit, or the circuit was open.</summary>
    Park,

    /// <summary>A person skipped its failure.</summary>
    Skip,

    /// <summary>Another task is computing its result: it is woken when that has ended.</summary>
    AwaitResult,
}
