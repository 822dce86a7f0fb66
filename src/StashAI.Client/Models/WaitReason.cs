namespace StashAI.Client.Models;

/// <summary>Why tasks wait: for their service, or for whoever ends a pause.</summary>
public sealed record WaitReason
{
    /// <summary>
    /// What keeps them from running: <c>error</c>, <c>allowed_hours</c>, <c>queue_paused</c>, <c>service_paused</c> or <c>job_paused</c>;
    /// empty from a server that does not say it.
    /// </summary>
    public string Cause { get; init; } = "";

    /// <summary>The service; empty from a server that does not say it.</summary>
    public string Service { get; init; } = "";

    /// <summary>The address that is called; the service's name while it has none.</summary>
    public string Address { get; init; } = "";

    /// <summary>
    /// The kind of the last error, such as <c>connection</c> or <c>throttled</c>; null unless there was one.
    /// </summary>
    public string? ErrorKind { get; init; }

    /// <summary>The last error, or what else the tasks wait for.</summary>
    public string ErrorMessage { get; init; } = "";

    /// <summary>The HTTP status of the last answer; null where none came.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>Since when the service does not answer as it should.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When the service is called again.</summary>
    public DateTimeOffset? NextTryAt { get; init; }

    /// <summary>The request that ends a pause; null when no request does.</summary>
    public string? Resume { get; init; }

    /// <summary>The scope that this request needs.</summary>
    public string? ResumeScope { get; init; }
}
