namespace StashAI.Sdk;

/// <summary>Why an attempt failed. A job's summary groups errors by it.</summary>
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

    /// <summary>The service's answer does not have the expected form.</summary>
    InvalidAnswer = 6,

    /// <summary>The task's input cannot be used.</summary>
    InvalidInput = 7,

    /// <summary>The adapter itself failed.</summary>
    AdapterFault = 8,

    /// <summary>The address is not allowed by the outbound policy.</summary>
    OutboundRefused = 9,

    /// <summary>Processes crashed too often while they ran the task.</summary>
    Poisoned = 10,

    /// <summary>The task's deadline passed.</summary>
    DeadlineExceeded = 11,

    /// <summary>A client cancelled the task.</summary>
    Cancelled = 12,
}
