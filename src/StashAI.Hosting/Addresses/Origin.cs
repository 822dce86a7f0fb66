using System.Net;

namespace StashAI.Hosting.Addresses;

/// <summary>An origin as browsers send it: scheme, host, and a port that is not the scheme's own.</summary>
/// <param name="Text">The origin in lower case, as it is compared.</param>
/// <param name="Scheme">The scheme, which need not be http (<c>moz-extension</c>).</param>
/// <param name="Host">The host, normalised.</param>
/// <param name="Port">The port, also where it is the scheme's own; -1 for a scheme without one.</param>
public sealed record Origin(string Text, string Scheme, string Host, int Port)
{
    /// <summary>Reads an origin; null for <c>null</c>, <c>*</c>, and what has a path, a query or a user.</summary>
    public static Origin? Parse(string text)
    {
        var lower = text.ToLowerInvariant();
        if (!Uri.TryCreate(lower, UriKind.Absolute, out var uri)
            || HostNames.Of(uri) is not { Length: > 0 } host
            || uri.UserInfo.Length > 0
            || !lower.StartsWith(uri.Scheme + "://", StringComparison.Ordinal)
            || lower.AsSpan(uri.Scheme.Length + 3).IndexOfAny('/', '?', '#') >= 0
            || lower.Contains('*', StringComparison.Ordinal))
        {
            return null;
        }

        var canonical = uri.IsDefaultPort ? $"{uri.Scheme}://{uri.Host}" : $"{uri.Scheme}://{uri.Host}:{uri.Port}";
        return new Origin(canonical, uri.Scheme, host, uri.Port);
    }

    /// <summary>True for a page that this machine or a private address serves.</summary>
    public bool IsLocal =>
        Scheme is "http" or "https"
        && (HostNames.IsLocalhost(Host)
            || (IPAddress.TryParse(Host, out var address) && AddressRanges.Classify(address) == AddressKind.Local));
}
