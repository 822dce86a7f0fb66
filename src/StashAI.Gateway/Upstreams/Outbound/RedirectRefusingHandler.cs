using StashAI.Gateway.Wire.Secrets;
using StashAI.Sdk;

namespace StashAI.Gateway.Upstreams.Outbound;

/// <summary>
/// Refuses redirects, because the new address was not checked and a POST would lose its body.
/// </summary>
internal sealed class RedirectRefusingHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <summary>True for a request whose address is a secret in itself: the reason shows only where it leads.</summary>
    public static readonly HttpRequestOptionsKey<bool> HidesAddress = new("StashAI.HidesAddress");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if ((int)response.StatusCode is not (301 or 302 or 303 or 307 or 308))
        {
            return response;
        }

        var location = response.Headers.Location;
        response.Dispose();
        var (from, to) = request.Options.TryGetValue(HidesAddress, out var hides) && hides
            ? (Hidden(request.RequestUri!), location is null ? Shown(null) : Hidden(new Uri(request.RequestUri!, location)))
            : (Shown(request.RequestUri), Shown(location));
        throw new OutboundRefusedException($"{from} redirects to {to}: give the final address of the service");
    }

    private static string Hidden(Uri uri) => WebhookAddress.Hide(uri.AbsoluteUri);

    /// <summary>The URL without query and user, which may contain keys.</summary>
    private static string Shown(Uri? uri)
    {
        if (uri is null) return "nowhere";
        return uri.IsAbsoluteUri
            ? uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
            : uri.OriginalString.Split('?', '#')[0];
    }
}
