namespace StashAI.Queue.Services;

/// <summary>Turns a job's address into the one to call now.</summary>
public interface IUpstreamResolver
{
    /// <summary>
    /// The address to call. Null when it is a configured service (`service://NAME/path`) that is not running at the moment: then the
    /// lane waits and no attempt is counted.
    /// </summary>
    Uri? Resolve(Uri upstream);

    /// <summary>True when an address stands for the configured instance of a service, wherever that is now.</summary>
    bool IsConfigured(string service, Uri upstream) => false;
}
