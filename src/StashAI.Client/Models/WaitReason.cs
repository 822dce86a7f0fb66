namespace StashAI.Client.Models;

/// <summary>Why tasks wait for their service.</summary>
public sealed record WaitReason
{
    /// <summary>The address that was called.</summary>
    public string Address { get; init; } = "";

    /// <summary>
    /// The kind of the last error, such as <c>connection</c> or <c>throttled</c>; null while the service waits for its allowed hours.
    /// </summary>
    public string? ErrorKind { get; init; }

    /// <summary>The last error.</summary>
    public string ErrorMessage { get; init; } = "";

    /// <summary>The HTTP status of the last answer; null where none came.</summary>
    public int? HttpStatus { get; init; }

    /// <summary>Since when the service does not answer as it should.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When the service is called again.</summary>
    public DateTimeOffset? NextTryAt { get; init; }
}
