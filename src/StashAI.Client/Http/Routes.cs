namespace StashAI.Client.Http;

/// <summary>Every route that this client calls. A test compares them with the server's OpenAPI document.</summary>
internal static class Routes
{
    public static Route Jobs { get; } = new(HttpMethod.Get, "/api/queue/jobs", true, "limit", "offset", "status", "adapter_name");

    public static Route Job { get; } = new(HttpMethod.Get, "/api/queue/job/{id}", true, "limit", "offset", "inputs");

    public static Route Results { get; } = new(HttpMethod.Get, "/api/queue/job/{id}/results", true, "format", "offset");

    public static Route Tasks { get; } =
        new(HttpMethod.Get, "/api/queue/tasks", true, "limit", "offset", "status", "adapter_name", "job_id");

    public static Route Task { get; } = new(HttpMethod.Get, "/api/queue/task/{id}", true, "inputs");

    public static Route Cancel { get; } = new(HttpMethod.Post, "/api/queue/cancel/{id}", true);

    /// <summary>Not to be repeated: what failed again meanwhile would be retried twice.</summary>
    public static Route Retry { get; } = new(HttpMethod.Post, "/api/queue/retry/{id}", false);

    public static Route PauseJob { get; } = new(HttpMethod.Post, "/api/queue/jobs/{id}/pause", true);

    public static Route ResumeJob { get; } = new(HttpMethod.Post, "/api/queue/jobs/{id}/resume", true);

    public static Route PauseService { get; } = new(HttpMethod.Post, "/api/services/{name}/pause", true);

    public static Route ResumeService { get; } = new(HttpMethod.Post, "/api/services/{name}/resume", true);

    public static Route PauseQueue { get; } = new(HttpMethod.Post, "/api/queue/pause", true);

    public static Route ResumeQueue { get; } = new(HttpMethod.Post, "/api/queue/resume", true);

    public static Route Services { get; } = new(HttpMethod.Get, "/api/services", true);

    public static Route Service { get; } = new(HttpMethod.Get, "/api/services/{name}", true);

    public static Route Schema { get; } = new(HttpMethod.Get, "/api/services/{service}/schema", true);

    public static Route Submit { get; } = new(HttpMethod.Post, "/api/{service}/batch", true);

    /// <summary>The body names the service and the operation.</summary>
    public static Route SubmitOperation { get; } = new(HttpMethod.Post, "/api/batch", true);

    public static Route Events { get; } = new(HttpMethod.Get, "/api/events", true, "job_id");

    public static Route Socket { get; } = new(HttpMethod.Get, "/ws/{session_id}", true);

    public static Route Health { get; } = new(HttpMethod.Get, "/health", true);

    public static IReadOnlyList<Route> All { get; } =
    [
        Jobs, Job, Results, Tasks, Task, Cancel, Retry, PauseJob, ResumeJob, PauseService, ResumeService, PauseQueue, ResumeQueue,
        Services, Service, Schema, Submit, SubmitOperation, Events, Socket, Health,
    ];
}
