namespace StashAI.Gateway.Wire.Links;

/// <summary>Links to this server's own routes as seen by the client, with a proxy's prefix.</summary>
internal static class LocalLinks
{
    /// <param name="request">The request to answer.</param>
    /// <param name="path">A path of this server, such as <c>/api/queue/jobs</c>, percent-encoded.</param>
    public static string LinkTo(this HttpRequest request, string path) => request.PathBase.ToUriComponent() + path;
}
