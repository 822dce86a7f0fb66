namespace StashAI.Queue.Model.Tasks;

/// <summary>What can happen to a task.</summary>
public enum TaskEvent
{
    /// <summary>Its time has come.</summary>
    Due,

    /// <summary>A node took it.</summary>
    Claim,

    /// <summary>The service answered.</summary>
    Succeed,

    /// <summary>It failed in a way that may pass, and attempts are left.</summary>
    RetryLater,

    /// <summary>The service asked to wait.</summary>
    Throttle,

    /// <summary>It failed permanently: permanent error, attempts spent, deadline, or throttled for too long.</summary>
    Fail,

    /// <summary>Its node stops or left in good order, came back under another key, or was lost before the call began; or a call that it shared with others failed.</summary>
    Release,

    /// <summary>Its call was lost with its node.</summary>
    LoseLease,

    /// <summary>Its node's lease was lost while the task ran alone.</summary>
    Poison,

    /// <summary>Somebody asked to cancel it.</summary>
    AskCancel,

    /// <summary>Its running call was aborted, or did not succeed, after a cancel.</summary>
    Abort,

    /// <summary>A person asked to try again.</summary>
    RetryByPerson,

    /// <summary>Its call failed because the service is down: it opened the lane's circuit, or found it open.</summary>
    Park,

    /// <summary>A person skipped its failure.</summary>
    Skip,
}
