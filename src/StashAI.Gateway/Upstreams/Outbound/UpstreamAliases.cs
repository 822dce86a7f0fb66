namespace StashAI.Gateway.Upstreams.Outbound;

/// <summary>Knows which URLs select a configured service (C-25).</summary>
internal sealed class UpstreamAliases(IReadOnlyList<UpstreamAlias> aliases)
{
    private volatile IReadOnlyList<UpstreamAlias> declared = [];

    /// <summary>The aliases every server has: real clients send the address at which their browser would find Visage.</summary>
    public static IReadOnlyList<UpstreamAlias> Default { get; } = [new("visage", "*:9997/api/*")];

    /// <summary>Takes the aliases of the declared services in place of those before.</summary>
    public void Replace(IReadOnlyList<UpstreamAlias> ofServices) => declared = ofServices;

    /// <summary>True when a URL selects a service; otherwise the outbound policy decides about the URL itself.</summary>
    public bool IsOf(string service, Uri uri) =>
        uri is { IsAbsoluteUri: true, Scheme: "http" or "https" } && aliases.Concat(declared).Any(alias => alias.Service == service && alias.Matches(uri));
}
