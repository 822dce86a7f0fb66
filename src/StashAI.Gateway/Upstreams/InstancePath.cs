namespace StashAI.Gateway.Upstreams;

/// <summary>
/// The path that a URL of the configured service stands for; null when it is none of the operation's. A client chooses a service and one of its
/// operations, never a path of its own.
/// </summary>
/// <param name="path">The path of the client's URL, behind the service's own.</param>
/// <param name="isAlias">True when an alias led to the service, which has judged the path already.</param>
internal delegate string? InstancePath(string path, bool isAlias);
