namespace StashAI.Server.Security;

/// <summary>Knows which URLs select a configured service (C-25).</summary>
internal sealed class UpstreamAliases(IReadOnlyList<UpstreamAlias> aliases)
{
    private volatile IReadOnlyList<UpstreamAlias> declared = [];

    /// <summary>The aliases every server has: real clients send the address at which their browser would find Visage.</summary>
    public static IReadOnlyList<UpstreamAlias> Default { get; } = [new("visage", "*:9997/api/*")];

    /// <summary>Takes the aliases of the declared services in place of those before.</summary>
    public void Replace(IReadOnlyList<UpstreamAlias> ofServices) => declared = ofServices;

    /// <summary>The service that a URL selects, or null: then the outbound policy decides about the URL itself.</summary>
    public string? Find(Uri uri)
    {
        if (uri is not { IsAbsoluteUri: true, Scheme: "http" or "https" }) return null;
        foreach (var alias in aliases.Concat(declared))
        {
            if (alias.Matches(uri)) return alias.Service;
        }

        return null;
    }
}
