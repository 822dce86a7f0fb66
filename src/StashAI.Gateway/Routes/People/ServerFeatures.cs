using StashAI.Gateway.Routes.Health;
using StashAI.Gateway.Submit.Direct;

namespace StashAI.Gateway.Routes.People;

/// <summary>
/// What a client may offer, as words. A word stands for a route, and a server has it when it has the route: so clients of any version can
/// ask any server.
/// </summary>
internal sealed class ServerFeatures(EndpointDataSource endpoints, DirectSettings direct, IDashboard dashboard)
{
    /// <summary>The word of a server that queues jobs; in direct mode they run while the client waits.</summary>
    public const string Queue = "queue";

    /// <summary>The word of a server that was built with its dashboard.</summary>
    public const string Dashboard = "dashboard";

    private static readonly (string Word, string Route)[] Known =
    [
        ("audit", "/api/audit"), ("bulk", "/api/bulk"), ("clusters", "/api/jobs/{id}/clusters"),
        ("compare", "/api/jobs/{id}/compare"), ("curl", "/api/tasks/{id}/curl"),
        ("failures", "/api/jobs/{id}/failures"), ("import", "/api/services/import"), ("jobs", "/api/jobs"),
        ("keys", "/api/keys"), ("login", "/api/login"), ("nodes", "/api/nodes"), ("people", "/api/people"), ("quote", "/api/quote"),
        ("rematch", "/api/jobs/{id}/rematch"), ("rerun", "/api/jobs/{id}/rerun"), ("schedules", "/api/schedules"),
        ("series", "/api/series"), ("server", "/api/server"), ("tasks", "/api/tasks"), ("test", "/api/services/{name}/test"),
        ("timeline", "/api/jobs/{id}/timeline"), ("uploads", "/api/uploads"), ("webhooks", "/api/webhooks"),
    ];

    /// <summary>The words of this server, sorted.</summary>
    public IReadOnlyList<string> Read()
    {
        var routes = endpoints.Endpoints.OfType<RouteEndpoint>().Select(endpoint => Plain(endpoint.RoutePattern.RawText ?? "")).ToHashSet();
        var words = Known.Where(feature => routes.Contains(Plain(feature.Route))).Select(feature => feature.Word);
        if (!direct.IsOn) words = words.Append(Queue);
        if (dashboard.IsBuilt) words = words.Append(Dashboard);
        return [.. words.Order(StringComparer.Ordinal)];
    }

    /// <summary>The names of path parameters do not matter.</summary>
    private static string Plain(string route) =>
        string.Join('/', route.Trim('/').Split('/').Select(part => part.StartsWith('{') ? "{}" : part));
}
