namespace StashAI.Sdk;

/// <summary>Why an attempt did not succeed; groups errors in a job's summary.</summary>
public enum ErrorKind
{
    /// <summary>No error.</summary>
    None = 0,

    /// <summary>The service could not be reached.</summary>
    Connection = 1,

    /// <summary>The attempt took longer than allowed.</summary>
    Timeout = 2,

    /// <summary>The service asked for fewer calls (429, or 503 with Retry-After).</summary>
    Throttled = 3,

    /// <summary>The service failed (5xx).</summary>
    ServiceError = 4,

    /// <summary>The service refused the item (4xx).</summary>
    Rejected = 5,

    /// <summary>The answer was not what the service promises.</summary>
    InvalidAnswer = 6,

    /// <summary>The task's input cannot be used.</summary>
    InvalidInput = 7,

    /// <summary>The adapter itself failed.</summary>
    AdapterFault = 8,

    /// <summary>The address is not allowed by the outbound policy.</summary>
    OutboundRefused = 9,

    /// <summary>The process that ran the task was lost too often.</summary>
    Poisoned = 10,

    /// <summary>The task's deadline passed.</summary>
    DeadlineExceeded = 11,

    /// <summary>Somebody cancelled the task.</summary>
    Cancelled = 12,
}
