using StashAI.Hosting.Clients;

namespace StashAI.Gateway.Access;

/// <summary>
/// The cookie that holds a browser's API key after <c>POST /api/login</c>. No script reads it, and other sites' requests do not carry it. A
/// change with it must also come from a page of this server.
/// </summary>
internal static class SessionCookie
{
    private const string Name = "stashai_key";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    public static string? Read(HttpRequest request) => request.Cookies[Name] is { Length: > 0 } key ? key : null;

    public static void Set(HttpContext context, string key) => context.Response.Cookies.Append(Name, key, Options(context, Lifetime));

    public static void Remove(HttpContext context) => context.Response.Cookies.Delete(Name, Options(context, null));

    /// <summary>True for a request that a cookie may stand for: one that only reads, or comes from a page of this server.</summary>
    public static bool IsAllowed(HttpContext context)
    {
        var request = context.Request;
        if (!context.WebSockets.IsWebSocketRequest && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))) return true;
        if (request.Headers["Sec-Fetch-Site"] is [{ } site]) return site == "same-origin";
        var here = context.PublicAddress();
        return request.Headers.Origin is [{ } origin]
            && origin.Equals($"{here.Scheme}://{here.Host.ToUriComponent()}", StringComparison.OrdinalIgnoreCase);
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
