namespace StashAI.Queue.Services;

/// <summary>Resolves a job's address to the one to call now.</summary>
public interface IUpstreamResolver
{
    /// <summary>
    /// Returns the address to call, or null for a configured service (<c>service://NAME/path</c>) that is not running at the moment. Then
    /// the lane waits and no attempt is counted.
    /// </summary>
    Uri? Resolve(Uri upstream);

    /// <summary>True when the address stands for the configured instance of the service.</summary>
    bool IsConfigured(string service, Uri upstream) => false;
}
