using StashAI.Hosting.Addresses;
using StashAI.Hosting.Clients;

namespace StashAI.Gateway.Access;

/// <summary>
/// The cookie of a browser after <c>POST /api/login</c>. No script reads it, and requests of other sites do not carry it. Pages on another
/// port of this host are of the same site, so <see cref="IsAllowed"/> asks for the origin too.
/// </summary>
internal static class SessionCookie
{
    private const string Name = "stashai_login";

    private const string FetchSite = "Sec-Fetch-Site";

    /// <summary>The value; null without a cookie.</summary>
    public static string? Read(HttpRequest request) => request.Cookies[Name] is { Length: > 0 } value ? value : null;

    public static void Set(HttpContext context, string value) =>
        context.Response.Cookies.Append(Name, value, Options(context, Logins.Lifetime));

    public static void Remove(HttpContext context) => context.Response.Cookies.Delete(Name, Options(context, null));

    /// <summary>
    /// True for a request that the cookie may authorise. Changes, WebSockets and event streams must come from a page of this server: the
    /// browser says so in Sec-Fetch-Site, or in Origin where the connection is not trustworthy. Other reads may lack both headers, but no
    /// page of another origin may make them with a script.
    /// </summary>
    public static bool IsAllowed(HttpContext context)
    {
        var request = context.Request;
        var isRead = (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && !context.WebSockets.IsWebSocketRequest;
        var isLive = context.GetEndpoint()?.Metadata.GetMetadata<LiveRoute>() is not null;
        return request.Headers[FetchSite] switch
        {
            ["same-origin"] => true,
            // A person typed the address or followed a bookmark.
            ["none"] => isRead,
            [_, ..] => isRead && !isLive && request.Headers.Origin.Count == 0,
            // Browsers name the origin of every change and handshake, and of a stream that a page of another origin opens.
            _ when request.Headers.Origin.Count == 0 => isRead,
            _ => IsOwn(context),
        };
    }

    private static bool IsOwn(HttpContext context)
    {
        var here = context.PublicAddress();
        return context.Request.Headers.Origin is [{ } text] && Origin.Parse(text) is { } origin
            && Origin.Parse($"{here.Scheme}://{here.Host.ToUriComponent()}") is { } own
            && origin.Text == own.Text;
    }

    private static CookieOptions Options(HttpContext context, TimeSpan? lifetime)
    {
        var here = context.PublicAddress();
        return new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = here.Scheme == "https",
            Path = here.Base.HasValue ? here.Base.Value : "/",
            MaxAge = lifetime,
            IsEssential = true,
        };
    }
}
