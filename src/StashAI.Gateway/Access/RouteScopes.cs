using StashAI.Queue.Model.Access;

namespace StashAI.Gateway.Access;

/// <summary>Which scope a route needs: reading needs <c>read</c>, everything else <c>submit</c>, save for what stands here.</summary>
internal static class RouteScopes
{
    /// <summary>Open to everybody: whether the server lives, and how it is used.</summary>
    private static readonly HashSet<string> Open = new(StringComparer.Ordinal)
    {
        "/", "/health", "/health/live", "/health/ready", "/openapi.json", "/docs", "/demo", "/api/demo/websocket/instructions",
    };

    private static readonly string[] OpenBelow = ["/docs/", "/demo/", "/openapi/"];

    /// <summary>For operators, save for looking.</summary>
    private static readonly string[] AdminBelow = ["/api/services", "/api/keys", "/api/queue/pause", "/api/queue/resume"];

    /// <summary>The scope that a request to an endpoint needs; null for none. What has no endpoint is judged by its method.</summary>
    public static ApiScope? Of(Endpoint? endpoint, string method)
    {
        if (endpoint?.Metadata.GetMetadata<OpenRoute>() is not null) return null;
        if (endpoint?.Metadata.GetMetadata<RouteScope>() is { } own) return own.Scope;
        var pattern = (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "";
        var path = pattern.StartsWith('/') || pattern.Length == 0 ? pattern : "/" + pattern;
        if (Open.Contains(path) || IsBelow(path, OpenBelow)) return null;
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method)) return ApiScope.Read;
        return IsBelow(path, AdminBelow) ? ApiScope.Admin : ApiScope.Submit;
    }

    private static bool IsBelow(string path, string[] places)
    {
        foreach (var place in places)
        {
            if (path.StartsWith(place, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }
}
