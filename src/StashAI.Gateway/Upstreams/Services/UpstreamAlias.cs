using System.Globalization;
using System.IO.Enumeration;
using StashAI.Gateway.Settings;

namespace StashAI.Gateway.Upstreams.Services;

/// <summary>
/// A pattern for URLs that mean a configured service: <c>host:port/path</c>, where <c>*</c> matches anything. So clients that name a
/// service by the address that their browser sees (<c>*:9997/api/*</c>) reach the configured one.
/// </summary>
internal sealed class UpstreamAlias
{
    private readonly string host;
    private readonly string port;
    private readonly string path;

    /// <param name="service">The configured service.</param>
    /// <param name="pattern">For example <c>*:9997/api/predict_*</c>.</param>
    /// <exception cref="ArgumentException">The pattern has no port or no path.</exception>
    public UpstreamAlias(string service, string pattern)
    {
        var slash = pattern.IndexOf('/', StringComparison.Ordinal);
        var colon = slash < 0 ? -1 : pattern.LastIndexOf(':', slash);
        if (colon <= 0)
        {
            throw new ArgumentException($"'{pattern}' is not a pattern like *:9997/api/predict_*.", nameof(pattern));
        }

        Service = service;
        (host, port, path) = (pattern[..colon], pattern[(colon + 1)..slash], pattern[slash..]);
    }

    /// <summary>The aliases of every server: clients send the address at which their browser would find Visage (C-25).</summary>
    public static IReadOnlyList<UpstreamAlias> Defaults { get; } = [new("visage", "*:9997/api/*")];

    public string Service { get; }

    public bool Matches(Uri uri) =>
        Matches(host, HostNames.Of(uri))
        && Matches(port, uri.Port.ToString(CultureInfo.InvariantCulture))
        && Matches(path, uri.AbsolutePath);

    private static bool Matches(string pattern, string text) => FileSystemName.MatchesSimpleExpression(pattern, text);
}
