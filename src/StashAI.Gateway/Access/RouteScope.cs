using Microsoft.AspNetCore.Authorization;
using StashAI.Gateway.Settings;
using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Access;

/// <summary>Metadata of a route: the scope that a caller needs. See <see cref="RouteRole"/>.</summary>
internal sealed class RouteScope(ApiScope scope) : AuthorizeAttribute(ApiScopeWords.Of(scope))
{
    public ApiScope Scope => scope;

    /// <summary>
    /// The scope that a request to an endpoint needs; null for none. A route without a scope needs the highest. For an unknown path, a
    /// caller needs the right to read or submit to get the 404.
    /// </summary>
    public static ApiScope? Of(Endpoint? endpoint, string method)
    {
        if (endpoint?.Metadata.GetMetadata<OpenRoute>() is not null) return null;
        if (endpoint?.Metadata.GetMetadata<RouteScope>() is { } own) return own.Scope;
        if (endpoint is RouteEndpoint) return ApiScope.Admin;
        return HttpMethods.IsGet(method) || HttpMethods.IsHead(method) ? ApiScope.Read : ApiScope.Submit;
    }
}
