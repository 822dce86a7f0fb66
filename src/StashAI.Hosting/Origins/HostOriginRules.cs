using StashAI.Hosting.Addresses;

namespace StashAI.Hosting.Origins;

/// <summary>Under which names a program answers, and which web pages may use it.</summary>
public sealed record HostOriginRules
{
    /// <summary>Names besides addresses and localhost: <c>nas.local</c>, <c>*.example.org</c>.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Origins of pages besides those of this machine and of private networks.</summary>
    public IReadOnlyList<OriginPattern> AllowedOrigins { get; init; } = [];

    /// <summary>The setting of <see cref="AllowedHosts"/>, for messages.</summary>
    public required string HostsSetting { get; init; }

    /// <summary>The setting of <see cref="AllowedOrigins"/>, for messages.</summary>
    public required string OriginsSetting { get; init; }

    /// <summary>Paths that are answered without a Host header: probes of load balancers speak HTTP/1.0. Browsers always send one.</summary>
    public IReadOnlyList<string> PathsWithoutHost { get; init; } = [];

    /// <summary>True when requests to this host, normalised, are meant for this program.</summary>
    public bool IsOurs(string host) =>
        HostNames.IsLocalhost(host)
        || System.Net.IPAddress.TryParse(host, out _)
        || AllowedHosts.Any(pattern => HostNames.Matches(pattern, host));

    /// <summary>True when the settings allow the origin, or it is of this machine or of a private address.</summary>
    public bool IsAllowed(Origin origin) => origin.IsLocal || AllowedOrigins.Any(pattern => pattern.Matches(origin));
}
