namespace StashAI.Gateway.Wire.Docs.Shapes;

/// <summary>`state` of a job.</summary>
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

/// <summary>`status` of a job.</summary>
internal enum JobStatusWordShape
{
    Pending,
    Running,
    Completed,
    Partial,
    Failed,
    Cancelled,
}

/// <summary>`status` in the answer to a submit: `queued`, or that of the job if the answer waited for it.</summary>
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

/// <summary>`state` of a task.</summary>
internal enum TaskStateShape
{
    Available,
    Scheduled,
    Running,
    Completed,
    Failed,
    Cancelled,
}

/// <summary>`status` of a task in both dialects.</summary>
internal enum TaskStatusWordShape
{
    Pending,
    Running,
    Completed,
    Finished,
    Failed,
    Cancelled,
}

/// <summary>`stage` in the progress of a task.</summary>
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

/// <summary>`error_kind`: why a task or an attempt failed.</summary>
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

/// <summary>Whether the queue keeps what is submitted, or the answer holds its results.</summary>
internal enum ModeShape
{
    Queue,
    Direct,
}
