using StashAI.Sdk;

namespace StashAI.Gateway.Upstreams.Outbound;

/// <summary>
/// Refuses redirects, because the new address was not checked and a POST would lose its body.
/// </summary>
internal sealed class RedirectRefusingHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308))
        {
            return response;
        }

        var location = response.Headers.Location;
        response.Dispose();
        throw new OutboundRefusedException(
            $"{Shown(request.RequestUri)} redirects to {Shown(location)}: give the final address of the service");
    }

    /// <summary>The URL without query and user, which may contain keys.</summary>
    private static string Shown(Uri? uri)
    {
        if (uri is null) return "nowhere";
        return uri.IsAbsoluteUri
            ? uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
            : uri.OriginalString.Split('?', '#')[0];
    }
}
