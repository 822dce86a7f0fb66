namespace StashAI.Gateway.Wire.Docs.Shapes;

/// <summary><c>state</c> of a job.</summary>
internal enum JobStateShape
{
    Pending,
    Scheduled,
    Running,
    Completed,
    Partial,
    Failed,
    Cancelled,
}

/// <summary><c>status</c> of a job.</summary>
internal enum JobStatusWordShape
{
    Pending,
    Running,
    Completed,
    Partial,
    Failed,
    Cancelled,
}

/// <summary><c>status</c> in the answer to a submit: <c>queued</c>, or the job's status if the answer waited for it.</summary>
internal enum SubmitStatusWordShape
{
    Queued,
    Pending,
    Running,
    Completed,
    Partial,
    Failed,
    Cancelled,
}

/// <summary><c>state</c> of a task.</summary>
internal enum TaskStateShape
{
    Available,
    Scheduled,
    Running,
    Completed,
    Failed,
    Cancelled,
}

/// <summary><c>status</c> of a task in both dialects.</summary>
internal enum TaskStatusWordShape
{
    Pending,
    Running,
    Completed,
    Finished,
    Failed,
    Cancelled,
}

/// <summary><c>stage</c> in the progress of a task.</summary>
internal enum TaskStageShape
{
    Waiting,
    WaitingToStart,
    WaitingToRetry,
    CallingUpstream,
    Done,
}

/// <summary>How an attempt ended.</summary>
internal enum AttemptOutcomeShape
{
    Completed,
    Retried,
    Throttled,
    Failed,
    Cancelled,
    Lost,
    Released,
}

/// <summary><c>cause</c> of a wait.</summary>
internal enum WaitCauseShape
{
    Error,
    AllowedHours,
    QueuePaused,
    ServicePaused,
    JobPaused,
}

/// <summary><c>error_kind</c>: why a task or an attempt failed.</summary>
internal enum ErrorKindShape
{
    Connection,
    Timeout,
    Throttled,
    ServiceError,
    Rejected,
    InvalidAnswer,
    InvalidInput,
    AdapterFault,
    OutboundRefused,
    Poisoned,
    DeadlineExceeded,
    Cancelled,
}

/// <summary>Whether jobs are stored in the queue, or answered directly with their results.</summary>
internal enum ModeShape
{
    Queue,
    Direct,
}
