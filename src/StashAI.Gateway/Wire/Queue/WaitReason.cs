using StashAI.Sdk;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>Why tasks wait: for their service, or for whoever ends a pause.</summary>
/// <param name="Cause">What keeps them from running.</param>
/// <param name="Service">The service, as users know it.</param>
/// <param name="Address">The address that is called, without its path; the name of a service that has none at the moment.</param>
/// <param name="Kind">The kind of the last error; null unless there was one.</param>
/// <param name="Error">The last error in words, or what else they wait for.</param>
/// <param name="HttpStatus">The status of the last answer; null when there was none.</param>
/// <param name="Since">When the first of these errors happened.</param>
/// <param name="NextTryAt">When the service is called again, or the pause ends; null when unknown, or when a person decides it.</param>
internal sealed record WaitReason(
    WaitCause Cause, string Service, string Address, ErrorKind? Kind, string Error, int? HttpStatus, DateTimeOffset? Since,
    DateTimeOffset? NextTryAt)
{
    /// <summary>The request that ends a pause; null when no request does.</summary>
    public string? Resume { get; init; }

    /// <summary>The scope that this request needs.</summary>
    public string? ResumeScope { get; init; }
}
