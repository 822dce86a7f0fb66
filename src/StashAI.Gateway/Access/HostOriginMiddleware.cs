using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using StashAI.Gateway.Settings;
using StashAI.Gateway.Wire.Problems;

namespace StashAI.Gateway.Access;

/// <summary>
/// Keeps foreign web pages away from a server that may have no key (C-24). The Host header must be an address, localhost or a name in
/// ALLOWED_HOSTS, so a name that an attacker points here is refused (421). A page's Origin must be of the same host, of this machine, of a
/// private address, or in CORS_ORIGINS: otherwise preflights, state-changing requests and WebSocket upgrades are refused (403), and plain
/// GETs are answered without CORS headers, so that the browser keeps the answer from the page.
/// </summary>
internal sealed class HostOriginMiddleware(RequestDelegate next, SecurityOptions options)
{
    private const string AllowedHeaders =
        "content-type, cache-control, idempotency-key, authorization, x-api-key, x-ai-api-key, stashai-dialect, prefer";

    private const string AllowedMethods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";
    private const string ExposedHeaders = "location, retry-after, preference-applied, ratelimit, ratelimit-policy, content-disposition, www-authenticate";
    private const string PrivateNetwork = "Access-Control-Allow-Private-Network";

    /// <summary>Seconds a browser may keep a preflight's answer; the longest that Chromium honours.</summary>
    private const string MaxAge = "7200";

    public Task InvokeAsync(HttpContext context)
    {
        var host = HostNames.Normalise(context.Request.Host.Host ?? "");
        if (!IsOurs(host))
        {
            return WrongHost(host).ExecuteAsync(context);
        }

        // On every answer, or a cache would give one page the answer for another.
        context.Response.OnStarting(VaryByOrigin, context);
        if (!context.Request.Headers.TryGetValue(HeaderNames.Origin, out var origin))
        {
            return next(context);
        }

        if (!IsAllowed(origin, host))
        {
            return IsReading(context.Request) ? next(context) : ForeignOrigin(origin).ExecuteAsync(context);
        }

        // When the response starts, because an error handler clears headers set before.
        context.Response.OnStarting(AllowOrigin, context);
        return IsPreflight(context.Request) ? AnswerPreflight(context.Response) : next(context);
    }

    private static Task VaryByOrigin(object state)
    {
        ((HttpContext)state).Response.Headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        return Task.CompletedTask;
    }

    private static Task AllowOrigin(object state)
    {
        var context = (HttpContext)state;
        context.Response.Headers.AccessControlAllowOrigin = context.Request.Headers.Origin;
        context.Response.Headers.AccessControlExposeHeaders = ExposedHeaders;
        return Task.CompletedTask;
    }

    private static Task AnswerPreflight(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status204NoContent;
        response.Headers.AccessControlAllowMethods = AllowedMethods;
        response.Headers.AccessControlAllowHeaders = AllowedHeaders;
        response.Headers.AccessControlMaxAge = MaxAge;
        response.Headers[PrivateNetwork] = "true";
        return Task.CompletedTask;
    }

    private static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.ContainsKey(HeaderNames.AccessControlRequestMethod);

    private static bool IsReading(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && !request.Headers.Upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase);

    private static Problem WrongHost(string host) =>
        new(
            "host-not-allowed",
            StatusCodes.Status421MisdirectedRequest,
            "This server does not answer to that name",
            $"The Host header names '{host}': use an IP address or localhost, or add the name to {SecurityOptions.AllowedHostsSetting}.")
        {
            Setting = SecurityOptions.AllowedHostsSetting,
        };

    private static Problem ForeignOrigin(StringValues origin) =>
        new(
            "origin-not-allowed",
            StatusCodes.Status403Forbidden,
            "Pages of that origin may not do this",
            $"The page comes from '{origin}': add that origin to {SecurityOptions.CorsOriginsSetting} to allow it.")
        {
            Setting = SecurityOptions.CorsOriginsSetting,
        };

    private bool IsOurs(string host) =>
        HostNames.IsLocalhost(host)
        || System.Net.IPAddress.TryParse(host, out _)
        || options.AllowedHosts.Any(pattern => HostNames.Matches(pattern, host));

    private bool IsAllowed(StringValues values, string host)
    {
        if (values is not [{ } text] || Origin.Parse(text) is not { } origin)
        {
            return false;
        }

        return origin.IsLocal || (origin.Scheme is "http" or "https" && origin.Host == host) || options.CorsOrigins.Contains(origin.Text);
    }
}
