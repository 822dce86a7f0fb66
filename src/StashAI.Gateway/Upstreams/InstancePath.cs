namespace StashAI.Gateway.Upstreams;

/// <summary>
/// Maps a URL of the configured service to one of the operation's paths; null when it matches none. A client chooses a service and an
/// operation, never an arbitrary path.
/// </summary>
/// <param name="path">The path of the client's URL, after the service's own path.</param>
/// <param name="isAlias">True when an alias matched, which has already checked the path.</param>
internal delegate string? InstancePath(string path, bool isAlias);
