using static StashAI.Gateway.Pages.OpenApi.ApiParameter;

namespace StashAI.Gateway.Pages.OpenApi;

/// <summary>Routes of the server itself, and its pages.</summary>
internal static class ServerChapter
{
    public const string Tag = "Server";

    public static IReadOnlyList<ApiRoute> All { get; } =
    [
        new("GET", "/", "root", Tag, "What runs here, and its routes"),
        new("GET", "/health", "health", Tag, "How the server is")
        {
            Description = "200 while it can take work, 503 while its database cannot be reached.",
        },
        new("GET", "/health/live", "health-live", Tag, "Whether the process answers"),
        new("GET", "/health/ready", "health-ready", Tag, "Whether it can take work") { Description = "503 while its database cannot be reached." },
        new("GET", "/api/queue/health", "queue-health", Tag, "How the queue is"),
        new("GET", "/api/services", "services", Tag, "All services, their operations, limits and lanes"),
        new("GET", "/api/services/{name}", "service", Tag, "A service") { Parameters = [ServiceName] },
        new("GET", "/api/services/{service}/schema", "service-schema", Tag, "What an item and the config of a declared service hold")
        {
            Parameters = [new("service", "path", "string", "The service's name.")],
        },
        new("POST", "/api/ws/ticket", "ticket", Tag, "A ticket that opens one WebSocket or event stream")
        {
            Description = "For browsers, where the server asks for API keys: `?ticket=` uses it up.", Status = StatusCodes.Status201Created, Answer = "It holds for thirty seconds.",
        },
        new("GET", "/api/demo/websocket/instructions", "instructions", Tag, "How the live feed is used"),
        Page("/demo", "demo", "A batch of photos, live", "text/html"),
        Page("/demo/{file}", "demo-file", "A file of that page", "application/octet-stream") with { Parameters = [new("file", "path", "string", "Its name.")] },
        Page("/metrics", "metrics", "Metrics for Prometheus", "text/plain"),
        Page("/openapi.json", "openapi", "This document", "application/openapi+json"),
    ];

    private static ApiRoute Page(string path, string id, string summary, string contentType) =>
        new("GET", path, id, Tag, summary) { ContentType = contentType };
}
