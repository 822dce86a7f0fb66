using StashAI.Sdk;

namespace StashAI.Gateway.Wire.Queue;

/// <summary>Why tasks wait for their service.</summary>
/// <param name="Address">The address that was called, without its path.</param>
/// <param name="Kind">The kind of the last error; null while the service waits for its allowed hours.</param>
/// <param name="Error">The last error in words, or for which hours the service waits.</param>
/// <param name="HttpStatus">The status of the last answer; null when there was none.</param>
/// <param name="Since">When the first of these errors happened.</param>
/// <param name="NextTryAt">When the service is called again; null when unknown.</param>
internal sealed record WaitReason(
    string Address, ErrorKind? Kind, string Error, int? HttpStatus, DateTimeOffset? Since, DateTimeOffset? NextTryAt);
