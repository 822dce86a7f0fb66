using System.Globalization;

namespace StashAI.Adapters.Http.Declarations;

/// <summary>Another address, <c>host:port</c>, that may receive the secrets of a service's configured instance.</summary>
/// <param name="Host">The host as in URLs, in lower case.</param>
/// <param name="Port">The port.</param>
public sealed record CredentialTarget(string Host, int Port)
{
    /// <summary>Reads <c>host:port</c>; null when the text has another form.</summary>
    public static CredentialTarget? Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port is < 1 or > 65535)
        {
            return null;
        }

        return Uri.TryCreate($"http://{text[..colon]}:{port}/", UriKind.Absolute, out var uri)
            && uri is { UserInfo: "", PathAndQuery: "/", Fragment: "", Host.Length: > 0 } && uri.Port == port && text[0] != '*'
            ? new CredentialTarget(uri.IdnHost, port)
            : null;
    }

    /// <summary>True when a URL has this host and port.</summary>
    public bool Matches(Uri uri) => uri.Port == Port && string.Equals(uri.IdnHost, Host, StringComparison.OrdinalIgnoreCase);
}
