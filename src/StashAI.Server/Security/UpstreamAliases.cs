namespace StashAI.Server.Security;

/// <summary>Replaces a URL that selects a configured service by that service's own address (C-25).</summary>
internal sealed class UpstreamAliases(IReadOnlyList<UpstreamAlias> aliases, ServiceAddresses services)
{
    /// <summary>The aliases every server has: real clients send the address at which their browser would find Visage.</summary>
    public static IReadOnlyList<UpstreamAlias> Default { get; } = [new("visage", "*:9997/api/*")];

    /// <summary>
    /// The URL to call: the base address of the aliased service with the path and query of <paramref name="uri"/>, or the URL unchanged when no alias
    /// matches or its service has no address; then the outbound policy decides.
    /// </summary>
    public (Uri Target, bool Aliased) Resolve(Uri uri)
    {
        if (uri is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
        {
            return (uri, false);
        }

        foreach (var alias in aliases)
        {
            if (alias.Matches(uri) && services.Find(alias.Service) is { } address)
            {
                return (new Uri(address.GetLeftPart(UriPartial.Path).TrimEnd('/') + uri.PathAndQuery), true);
            }
        }

        return (uri, false);
    }
}
