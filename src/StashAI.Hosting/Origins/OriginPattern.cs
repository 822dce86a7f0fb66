using StashAI.Hosting.Addresses;

namespace StashAI.Hosting.Origins;

/// <summary>
/// One entry of CORS_ORIGINS: an origin, or a family of them. <c>https://*.example.org</c> is every name below example.org, and the port
/// <c>*</c> (<c>http://stash.lan:*</c>) is every port.
/// </summary>
public sealed class OriginPattern
{
    /// <summary>What the setting takes, for error messages.</summary>
    public const string Form =
        "an origin such as https://stash.example.org, all names below one as in https://*.example.org, or all ports as in "
        + "http://stash.lan:* (not * alone, *.org or null)";

    private const string Below = "*.";
    private const string AnyPort = ":*";

    private readonly string scheme;
    private readonly string host;
    private readonly int? port;

    private OriginPattern(string text, string scheme, string host, int? port) =>
        (Text, this.scheme, this.host, this.port) = (text, scheme, host, port);

    /// <summary>The entry in lower case; an origin of its own as browsers send it.</summary>
    public string Text { get; }

    /// <summary>Reads an entry; null when it has none of the forms.</summary>
    public static OriginPattern? Parse(string text)
    {
        var lower = text.Trim().ToLowerInvariant();
        if (lower.EndsWith('/')) lower = lower[..^1];
        if (Origin.Parse(lower) is { } plain) return new OriginPattern(plain.Text, plain.Scheme, plain.Host, plain.Port);
        var isAnyPort = lower.EndsWith(AnyPort, StringComparison.Ordinal);
        var rest = isAnyPort ? lower[..^AnyPort.Length] : lower;
        var start = rest.IndexOf("://", StringComparison.Ordinal) + 3;
        var isBelow = start > 3 && rest.AsSpan(start).StartsWith(Below);
        if (isBelow) rest = rest.Remove(start, Below.Length);
        if ((!isAnyPort && !isBelow) || Origin.Parse(rest) is not { } origin
            || (isAnyPort && rest.AsSpan(start).LastIndexOf(':') > rest.AsSpan(start).LastIndexOf(']')))
        {
            return null;
        }

        // Nobody owns all names below a domain such as .org; all names below .lan are of one network.
        if (isBelow && (Uri.CheckHostName(origin.Host) != UriHostNameType.Dns
            || !(origin.Host.Contains('.', StringComparison.Ordinal) || PrivateNames.Contain("x." + origin.Host))))
        {
            return null;
        }

        return new OriginPattern(lower, origin.Scheme, isBelow ? Below + origin.Host : origin.Host, isAnyPort ? null : origin.Port);
    }

    /// <summary>True when the origin is meant.</summary>
    public bool Matches(Origin origin) =>
        origin.Scheme == scheme && (port is null || port == origin.Port) && HostNames.Matches(host, origin.Host);
}
