using System.Globalization;

namespace StashAI.Hosting.Clients;

/// <summary>
/// Finds the <see cref="PublicAddress"/> of each request: scheme, host and path prefix as trusted proxies name them. The prefix becomes the
/// request's PathBase, so that everything this program says about its own paths holds behind the proxy.
/// </summary>
public static class PublicAddresses
{
    private const string Prefix = "X-Forwarded-Prefix";

    /// <summary>It stands before routing. <paramref name="basePath"/> holds for requests whose proxies name no prefix.</summary>
    public static void UsePublicAddresses(this IApplicationBuilder app, TrustedProxies proxies, BasePath basePath) =>
        app.Use((context, next) =>
        {
            var request = context.Request;
            var hops = proxies.HopsOf(context);
            var prefix = hops > 0 ? PrefixOf(request, hops) : null;
            var (scheme, host) = hops > 0 ? AddressOf(request, hops) : (request.Scheme, request.Host);
            request.Scheme = scheme;
            if ((prefix ?? basePath).IsEmpty is false) (prefix ?? basePath).Apply(request);
            context.Features.Set(new PublicAddress(scheme, host, request.PathBase));
            return next(context);
        });

    /// <summary>Where the client of this request reaches the program.</summary>
    public static PublicAddress PublicAddress(this HttpContext context) =>
        context.Features.Get<PublicAddress>() ?? new PublicAddress(context.Request.Scheme, context.Request.Host, context.Request.PathBase);

    /// <summary>Each proxy names what it took off; null when none did, or when it cannot be read.</summary>
    private static BasePath? PrefixOf(HttpRequest request, int hops) =>
        ForwardedHeaders.ReadWritten(request.Headers, Prefix, null, hops) is { Count: > 0 } parts
            ? BasePath.TryParse(string.Concat(parts.Select(part => part.TrimEnd('/'))))
            : null;

    private static (string Scheme, HostString Host) AddressOf(HttpRequest request, int hops)
    {
        var scheme = First(request, "X-Forwarded-Proto", "proto", hops)?.ToLowerInvariant() switch
        {
            "https" or "wss" => "https",
            "http" or "ws" => "http",
            _ => request.Scheme,
        };
        if (First(request, "X-Forwarded-Host", "host", hops) is not { } text || ReadHost(text) is not { } host)
        {
            return (scheme, request.Host);
        }

        // Some proxies write the port beside the host.
        var port = First(request, "X-Forwarded-Port", null, hops);
        return host.Port is null && ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var own)
            && own is not (0 or 80 or 443)
            ? (scheme, new HostString(host.Host, own))
            : (scheme, host);
    }

    /// <summary>What the outermost trusted proxy wrote.</summary>
    private static string? First(HttpRequest request, string header, string? parameter, int hops) =>
        ForwardedHeaders.ReadWritten(request.Headers, header, parameter, hops) is [{ Length: > 0 } first, ..] ? first : null;

    private static HostString? ReadHost(string text)
    {
        if (text.Length > 255 || !Uri.TryCreate($"http://{text}", UriKind.Absolute, out var uri) || uri.PathAndQuery != "/"
            || uri.UserInfo.Length > 0 || text.AsSpan().ContainsAny('/', '?', '#'))
        {
            return null;
        }

        return uri.IsDefaultPort ? new HostString(uri.Host) : new HostString(uri.Host, uri.Port);
    }
}
