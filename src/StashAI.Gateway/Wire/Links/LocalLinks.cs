namespace StashAI.Gateway.Wire.Links;

/// <summary>Links to this server's own routes, as they hold at the client: behind a proxy, its prefix stands before them.</summary>
internal static class LocalLinks
{
    /// <param name="request">The request that is answered.</param>
    /// <param name="path">A path of this server, such as <c>/api/queue/jobs</c>, percent-encoded.</param>
    public static string LinkTo(this HttpRequest request, string path) => request.PathBase.ToUriComponent() + path;
}
