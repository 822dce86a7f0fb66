using System.Net;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using StashAI.Hosting.Addresses;
using StashAI.Hosting.Clients;
using StashAI.Hosting.Problems;

namespace StashAI.Hosting.Origins;

/// <summary>
/// Keeps foreign web pages away from a server that may have no key (C-24). The Host header must be an address, localhost or an allowed
/// name, so a name that an attacker points here is refused (421). A page's Origin must be of the same host, of this machine, of a private
/// address, of a private name of this network (ADR 21), or be allowed: otherwise preflights, state-changing requests and WebSocket upgrades
/// are refused (403), and plain GETs are answered without CORS headers, so that the browser keeps the answer from the page.
/// </summary>
public sealed class HostOriginMiddleware(RequestDelegate next, HostOriginRules rules, PrivateNameLookup names, RefusedOrigins refused)
{
    private const string PrivateNetwork = "Access-Control-Allow-Private-Network";

    /// <summary>Seconds a browser may keep a preflight's answer; the longest that Chromium honours.</summary>
    private const string MaxAge = "7200";

    public Task InvokeAsync(HttpContext context)
    {
        var host = HostNames.Normalise(context.Request.Host.Host ?? "");
        if (!rules.IsOurs(host) && !(host.Length == 0 && MayLackHost(context.Request)))
        {
            return WrongHost(host).ExecuteAsync(context);
        }

        // On every answer, or a cache would give one page the answer for another.
        context.Response.OnStarting(VaryByOrigin, context);
        if (!context.Request.Headers.TryGetValue(HeaderNames.Origin, out var values))
        {
            return next(context);
        }

        var origin = values is [{ } text] ? Origin.Parse(text) : null;
        if (origin is null) return RefuseAsync(context, values, isOrigin: false);
        return rules.IsAllowed(origin) || IsSameHost(context, origin, host) ? AllowAsync(context) : CheckNameAsync(context, origin);
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
        context.Response.Headers.AccessControlExposeHeaders = CrossOriginHeaders.Exposed;
        return Task.CompletedTask;
    }

    private static Task AnswerPreflight(HttpContext context)
    {
        var headers = context.Response.Headers;
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        headers.AccessControlAllowMethods = CrossOriginHeaders.Methods;
        headers.AccessControlAllowHeaders = CrossOriginHeaders.Allowed(context.Request.Headers.AccessControlRequestHeaders);
        headers.AccessControlMaxAge = MaxAge;
        headers[PrivateNetwork] = "true";
        return Task.CompletedTask;
    }

    private static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.ContainsKey(HeaderNames.AccessControlRequestMethod);

    private static bool IsReading(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && !request.Headers.Upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase);

    private bool MayLackHost(HttpRequest request) =>
        rules.PathsWithoutHost.Any(path => request.Path.Equals(path, StringComparison.OrdinalIgnoreCase));

    /// <summary>
    /// The page's own server, on any port. A proxy that names another host than the one it asks for must name one of ours: the name may be
    /// of an attacker who points it at the proxy.
    /// </summary>
    private bool IsSameHost(HttpContext context, Origin origin, string host)
    {
        if (origin.Scheme is not ("http" or "https")) return false;
        return origin.Host == host || (origin.Host == HostNames.Normalise(context.PublicAddress().Host.Host) && rules.IsOurs(origin.Host));
    }

    private async Task CheckNameAsync(HttpContext context, Origin origin)
    {
        if (await IsOfThisNetworkAsync(origin, context)) await AllowAsync(context);
        else await RefuseAsync(context, origin.Text, isOrigin: true);
    }

    /// <summary>
    /// A private name whose addresses are all private, for a caller from a private network; loopback only for callers on this machine.
    /// </summary>
    private async ValueTask<bool> IsOfThisNetworkAsync(Origin origin, HttpContext context)
    {
        var client = context.ClientAddress();
        if (origin.Scheme is not ("http" or "https")
            || !(client.IsThisMachine || client.Address is { } from && AddressRanges.Classify(from) == AddressKind.Local))
        {
            return false;
        }

        var addresses = await names.FindAsync(origin.Host, context.RequestAborted);
        return addresses.Count > 0
            && (client.IsThisMachine || !addresses.Any(address => IPAddress.IsLoopback(AddressRanges.Unmap(address))));
    }

    private Task AllowAsync(HttpContext context)
    {
        // When the response starts, because an error handler clears headers set before.
        context.Response.OnStarting(AllowOrigin, context);
        return IsPreflight(context.Request) ? AnswerPreflight(context) : next(context);
    }

    private Task RefuseAsync(HttpContext context, StringValues origin, bool isOrigin)
    {
        refused.Tell(origin.ToString(), isOrigin);
        return IsReading(context.Request) ? next(context) : ForeignOrigin(origin).ExecuteAsync(context);
    }

    private Problem WrongHost(string host) =>
        new(
            "host-not-allowed",
            StatusCodes.Status421MisdirectedRequest,
            "This server does not answer to that name",
            $"The Host header names '{host}': use an IP address or localhost, or add the name to {rules.HostsSetting}.")
        {
            Setting = rules.HostsSetting,
        };

    private Problem ForeignOrigin(StringValues origin) =>
        new(
            "origin-not-allowed",
            StatusCodes.Status403Forbidden,
            "Pages of that origin may not do this",
            $"The page comes from '{origin}': add that origin to {rules.OriginsSetting} to allow it.")
        {
            Setting = rules.OriginsSetting,
        };
}
