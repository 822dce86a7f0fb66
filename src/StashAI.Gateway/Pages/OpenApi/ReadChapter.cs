using static StashAI.Gateway.Pages.OpenApi.ApiParameter;

namespace StashAI.Gateway.Pages.OpenApi;

/// <summary>Routes that show jobs and tasks.</summary>
internal static class ReadChapter
{
    public const string Tag = "Read";

    public static IReadOnlyList<ApiRoute> All { get; } =
    [
        new("GET", "/api/queue/status/{id}", "status", Tag, "The status and the results of a job or a task")
        {
            Description = "Takes the id of a job, a task, an interaction or a session. `kind` says which it was.",
            Answer = "A job with a page of its results, in the order of the items; or a task.",
            Parameters = [Id, Limit, Offset, Dialect, Prefer],
        },
        new("GET", "/api/queue/jobs", "jobs", Tag, "A page of jobs, newest first")
        {
            Parameters =
            [
                Limit, Offset, Status, Adapter, new("include_completed", "query", "boolean", "False leaves completed ones out."),
                new("include_partial", "query", "boolean", "False leaves out those of which only a part completed."),
                new("include_single", "query", "boolean", "False leaves out the jobs that a task route made for its one task."),
            ],
        },
        new("GET", "/api/queue/job/{id}", "job", Tag, "A job with all its tasks")
        {
            Description = "Photos are shown whole while those of the job have 4 MB at most together; above that `image` is a preview, or null while it is being made, and `input_url` the original.",
            Parameters = [Id, Limit, Offset, Inputs, Dialect],
        },
        new("GET", "/api/queue/job/{id}/results", "job-results", Tag, "The results of a job")
        {
            Description = "In pages, or with `format=ndjson` all that are there, one a line.",
            Parameters = [Id, Limit, Offset, Dialect, new("format", "query", "string", "`ndjson` for one result a line.")],
        },
        new("GET", "/api/queue/tasks", "tasks", Tag, "A page of tasks over all jobs, newest first")
        {
            Parameters = [Limit, Offset, Status, Adapter, new("job_id", "query", "string", "Only those of this job."), Inputs, Dialect],
        },
        new("GET", "/api/queue/task/{id}", "task", Tag, "A task with its input, its result and its attempts") { Parameters = [Id, Inputs, Dialect] },
        new("GET", "/api/queue/task/{id}/input/{slot}", "task-input", Tag, "The uploaded bytes")
        {
            Parameters = [Id, new("slot", "path", "string", "Which part; `image` for a photo.")],
            Answer = "The bytes, as what they are.", ContentType = "application/octet-stream",
        },
        new("GET", "/api/visage/job/{id}/results", "visage-results", Tag, "The answers of the face service to a job, untouched") { Parameters = [Id] },
        new("GET", "/api/visage/task/{id}/result", "visage-result", Tag, "The answer of the face service to a task, untouched") { Parameters = [Id, Inputs, Dialect] },
        new("GET", "/api/visage/pictures/{token}", "visage-picture", Tag, "The picture of a person that the face service knows")
        {
            Description = "Results hold these links in place of the face service's own addresses. They are good for a day or two and take no key.",
            Parameters = [new("token", "path", "string", "From the link.")],
            Answer = "The picture.", ContentType = "image/jpeg",
        },
        new("GET", "/api/queue/stats", "stats", Tag, "The queue in numbers") { Description = "Under all the names that clients know." },
        new("GET", "/api/events", "events", Tag, "Live progress as server-sent events")
        {
            Answer = "The messages of the WebSocket: `event:` is the type, `data:` the message.", ContentType = "text/event-stream",
            Parameters =
            [
                new("job_id", "query", "string", "Jobs to follow; repeated, or separated by commas."),
                new("task_id", "query", "string", "Tasks to follow, likewise."),
                new("queue_stats", "query", "string", "`1` for the queue's statistics."),
                new("interactions", "query", "string", "`1` for the interactions of all sessions."),
                new("ticket", "query", "string", "A ticket, where the server asks for keys."), Dialect,
            ],
        },
        new("GET", "/ws/{session_id}", "socket", Tag, "Live progress over a WebSocket")
        {
            Description = "`GET /api/demo/websocket/instructions` lists all messages.",
            Parameters = [new("session_id", "path", "string", "A name of your choice: the socket hears of the interactions of that session."), Dialect],
            Status = StatusCodes.Status101SwitchingProtocols, Answer = "The socket is open.", ContentType = null,
        },
    ];
}
