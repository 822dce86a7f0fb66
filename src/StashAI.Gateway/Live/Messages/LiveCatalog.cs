namespace StashAI.Gateway.Live.Messages;

/// <summary>
/// Every message of the live feed. The code takes the names from here, tests compare the messages with the fields, and the
/// documentation is generated from the rest.
/// </summary>
internal static class LiveCatalog
{
    private const string Ann = "0199f0a2-7d1c-7c4e-9b1d-2a6f41000000";
    private const string First = "0199f0a2-7d1c-7c4e-9b1d-2a6f41000001";
    private const string Now = "2026-01-01T00:00:00.000Z";

    private static readonly LiveField TaskId = new("task_id", "string", "The task.");
    private static readonly LiveField JobId = new("job_id", "string", "The job.");

    public static LiveMessageType Ping { get; } = new("ping", "Asks for a `pong`.", [], """{"type":"ping"}""");

    public static LiveMessageType Auth { get; } = new(
        "auth",
        "Shows an API key. It must be the first message of a socket that was opened without one, where the server asks for keys.",
        [new("token", "string", "The key, or a ticket.")],
        """{"type":"auth","token":"stashai_..."}""");

    public static LiveMessageType SubscribeTask { get; } = new(
        "subscribe_task", "Follows a task; its present state is sent at once, even if it has ended.", [TaskId],
        $$"""{"type":"subscribe_task","task_id":"{{First}}"}""");

    public static LiveMessageType UnsubscribeTask { get; } = new(
        "unsubscribe_task", "Stops following a task.", [TaskId], $$"""{"type":"unsubscribe_task","task_id":"{{First}}"}""");

    public static LiveMessageType SubscribeJob { get; } = new(
        "subscribe_job", "Follows a job; its present state is sent at once, even if it has ended.", [JobId],
        $$"""{"type":"subscribe_job","job_id":"{{Ann}}"}""");

    public static LiveMessageType UnsubscribeJob { get; } = new(
        "unsubscribe_job", "Stops following a job.", [JobId], $$"""{"type":"unsubscribe_job","job_id":"{{Ann}}"}""");

    public static LiveMessageType SubscribeQueueStats { get; } = new(
        "subscribe_queue_stats", "Follows the queue's statistics.", [], """{"type":"subscribe_queue_stats"}""");

    public static LiveMessageType UnsubscribeQueueStats { get; } = new(
        "unsubscribe_queue_stats", "Stops following the statistics.", [], """{"type":"unsubscribe_queue_stats"}""");

    public static LiveMessageType SubscribeJobs { get; } = new(
        "subscribe_jobs",
        "Follows a list of jobs: its first page comes at once, then every change of a matching job. "
        + "A name that is in use replaces its list.",
        [
            new("filter", "object or null", "The filters of `GET /api/jobs` as members; all jobs without one."),
            new("name", "string or null", "Your name for the list, where a socket follows several; up to 100 characters."),
        ],
        """{"type":"subscribe_jobs","filter":{"state":"running,failed","service":"visage"},"name":"mine"}""");

    public static LiveMessageType UnsubscribeJobs { get; } = new(
        "unsubscribe_jobs", "Stops following a list of jobs.", [new("name", "string or null", "The name of the list.")],
        """{"type":"unsubscribe_jobs","name":"mine"}""");

    public static LiveMessageType SubscribeServices { get; } = new(
        "subscribe_services", "Follows the services: whether they are paused or down, what waits and runs, their limits.", [],
        """{"type":"subscribe_services"}""");

    public static LiveMessageType UnsubscribeServices { get; } = new(
        "unsubscribe_services", "Stops following the services.", [], """{"type":"unsubscribe_services"}""");

    public static LiveMessageType Interaction { get; } = new(
        "interaction",
        "Records what a user did, as `POST /api/interactions` does; it comes back as `new_interaction`.",
        [new("data", "object", "The body of `POST /api/interactions`; `session_id` is the socket's own unless it names another.")],
        """{"type":"interaction","data":{"action_type":"click","page_path":"/scenes","element_id":"play"}}""");

    public static LiveMessageType ConnectionEstablished { get; } = new(
        "connection_established", "The socket is ready.",
        [
            new("session_id", "string", "The session of the address."),
            new("dialect", "string", "`default` or `plugin`: the words for states."),
        ],
        $$"""{"type":"connection_established","session_id":"my-session","dialect":"default","timestamp":"{{Now}}"}""");

    public static LiveMessageType Pong { get; } = new("pong", "Answers a `ping`.", [], $$"""{"type":"pong","timestamp":"{{Now}}"}""");

    public static LiveMessageType SubscriptionConfirmed { get; } = new(
        "subscription_confirmed", "The subscription is made; its first message follows.",
        [
            new("subscription", "string", "`task`, `job`, `queue_stats`, `jobs` or `services`."),
            TaskId with { Type = "string, of a task alone" },
            JobId with { Type = "string, of a job alone" },
            new("name", "string, of jobs alone", "The name of the list; empty where none was given."),
        ],
        $$"""{"type":"subscription_confirmed","subscription":"job","job_id":"{{Ann}}","timestamp":"{{Now}}"}""");

    public static LiveMessageType Unsubscribed { get; } = new(
        "unsubscribed", "The subscription is over.", SubscriptionConfirmed.Fields,
        $$"""{"type":"unsubscribed","subscription":"job","job_id":"{{Ann}}","timestamp":"{{Now}}"}""");

    public static LiveMessageType Error { get; } = new(
        "error", "The last message was not valid. The socket stays open.", [new("message", "string", "What is wrong with it.")],
        $$"""{"type":"error","message":"There is no job {{Ann}}.","timestamp":"{{Now}}"}""");

    public static LiveMessageType TaskStatus { get; } = new(
        "task_status", "A task that is followed changed, or was just subscribed to.",
        [
            TaskId, JobId,
            new("adapter_name", "string", "The service."),
            new("task_type", "string", "What the service does with it."),
            new("status", "string", "`pending`, `running`, `completed` (`finished` in the plugin's dialect), `failed` or `cancelled`."),
            new("state", "string", "The same in neutral words: `available`, `scheduled`, `running`, `completed`, `failed`, `cancelled`."),
            new("version", "number", "Rises at every change."),
            new("processing_time_ms", "number or null", "How long the last call took."),
            new("error_message", "string or null", "Why it failed, or why it will be retried."),
            new("progress", "object", "`percent`, `attempt`, `max_attempts` and `stage`."),
            new("item_id", "any, of an item with an id alone", "The client's id of the item."),
            new("item_name", "string, of an item with a name alone", "The item's name, such as that of its file."),
            new(
                "output_json",
                "any or null",
                "The service's answer once it is completed; null when it is larger than 256 KB, except in the plugin's dialect."),
            new("output_url", "string, only for such an answer", "Where the answer is."),
        ],
        $$$"""{"type":"task_status","task_id":"{{{First}}}","job_id":"{{{Ann}}}","adapter_name":"visage","task_type":"face_identify","status":"completed","state":"completed","version":3,"processing_time_ms":212.5,"error_message":null,"progress":{"percent":100,"attempt":1,"max_attempts":4,"stage":"done"},"output_json":{"data":[]},"timestamp":"{{{Now}}}"}""");

    public static LiveMessageType JobProgress { get; } = new(
        "job_progress", "A job that is followed changed, or was just subscribed to.",
        [
            JobId,
            new("adapter_name", "string", "The service."),
            new("job_type", "string", "What the job does."),
            new("status", "string", "`pending`, `running`, `completed`, `partial`, `failed` or `cancelled`."),
            new("state", "string", "The same; `scheduled` for a job that starts later."),
            new("version", "number", "Rises at every change."),
            new("total_tasks", "number", "Its tasks."),
            new("pending_tasks", "number", "Waiting tasks."),
            new("running_tasks", "number", "Running tasks."),
            new("completed_tasks", "number", "Tasks with a result."),
            new("cached_tasks", "number", "Completed tasks that got a known result without a call."),
            new("failed_tasks", "number", "Failed tasks."),
            new("cancelled_tasks", "number", "Cancelled tasks."),
            new("progress_percentage", "number", "Completed tasks in percent of all; failed ones do not count."),
            new("processed_percentage", "number", "Tasks that have ended, in percent of all."),
            new("job_name", "string", "Its name."),
        ],
        $$"""{"type":"job_progress","job_id":"{{Ann}}","adapter_name":"visage","job_type":"visage_batch_face_identification","status":"running","state":"running","version":14,"total_tasks":10,"pending_tasks":1,"running_tasks":2,"completed_tasks":6,"cached_tasks":0,"failed_tasks":1,"cancelled_tasks":0,"progress_percentage":60,"processed_percentage":70,"job_name":"Summer","timestamp":"{{Now}}"}""");

    public static LiveMessageType QueueStats { get; } = new(
        "queue_stats", "The queue's statistics changed, or were just subscribed to. Sent only to subscribers.",
        [new("data", "object", "The same as `GET /api/queue/stats`, with every field name that clients know.")],
        $$$"""{"type":"queue_stats","data":{"total_tasks":150,"pending":25,"running":8,"pending_tasks":25,"running_tasks":8,"completed_tasks":115,"failed_tasks":2,"cancelled_tasks":0},"timestamp":"{{{Now}}}"}""");

    public static LiveMessageType Jobs { get; } = new(
        "jobs", "The first page of a list of jobs that is followed. It replaces what was shown of the list before.",
        [
            new("name", "string", "The name of the list; empty where none was given."),
            new("data", "array", "Up to 100 jobs, the newest first, as `GET /api/jobs` has them."),
            new("next", "string or null", "The cursor of the next page of `GET /api/jobs` with the same filter."),
            new("total", "number", "How many jobs match."),
            new("total_is_exact", "boolean", "False when there may be more."),
        ],
        $$"""{"type":"jobs","name":"mine","data":[{"id":"{{Ann}}","state":"running","version":14}],"next":null,"total":1,"total_is_exact":true,"timestamp":"{{Now}}"}""");

    public static LiveMessageType JobsChanged { get; } = new(
        "jobs_changed",
        "Jobs of a list that is followed were added, changed or removed: the newest state of each, at most five times a second.",
        [
            new("name", "string", "The name of the list; empty where none was given."),
            new("jobs", "array", "Matching jobs that are new or changed, as `GET /api/jobs` has them."),
            new("left", "array", "Jobs that do not match any more, in the same form. You may not have seen all of them."),
            new("removed", "array of strings", "The ids of jobs that were deleted. You may not have seen all of them."),
        ],
        $$"""{"type":"jobs_changed","name":"mine","jobs":[{"id":"{{Ann}}","state":"failed","version":15}],"left":[],"removed":[],"timestamp":"{{Now}}"}""");

    public static LiveMessageType Services { get; } = new(
        "services", "All services. It replaces what was shown before.",
        [
            new("services", "array", "The services as `GET /api/services` has them."),
            new("everything_paused", "boolean", "True while the whole queue is paused."),
            new("everything_paused_until", "string or null", "When that pause ends by itself; null without one or an end."),
        ],
        $$"""{"type":"services","services":[{"name":"visage","paused":false,"running":2,"waiting":40}],"everything_paused":false,"everything_paused_until":null,"timestamp":"{{Now}}"}""");

    public static LiveMessageType ServicesChanged { get; } = new(
        "services_changed", "Services changed: the newest state of each, at most twice a second.",
        [
            new("services", "array", "Those that are new or changed, as `GET /api/services` has them."),
            new("removed", "array of strings", "The names of those that are gone."),
            new("everything_paused", "boolean", "True while the whole queue is paused."),
            new("everything_paused_until", "string or null", "When that pause ends by itself; null without one or an end."),
        ],
        $$"""{"type":"services_changed","services":[{"name":"visage","paused":true,"running":0,"waiting":40}],"removed":[],"everything_paused":false,"everything_paused_until":null,"timestamp":"{{Now}}"}""");

    public static LiveMessageType NewInteraction { get; } = new(
        "new_interaction", "A user did something: in this session, or in any for clients that may read everything.",
        [new("data", "object", "The interaction as it was stored.")],
        $$$"""{"type":"new_interaction","data":{"session_id":"my-session","action_type":"click"},"timestamp":"{{{Now}}}"}""");

    /// <summary>What a client may send.</summary>
    public static IReadOnlyList<LiveMessageType> FromClients { get; } =
    [
        Ping, Auth, SubscribeTask, UnsubscribeTask, SubscribeJob, UnsubscribeJob, SubscribeQueueStats, UnsubscribeQueueStats,
        SubscribeJobs, UnsubscribeJobs, SubscribeServices, UnsubscribeServices, Interaction,
    ];

    /// <summary>What the server sends.</summary>
    public static IReadOnlyList<LiveMessageType> FromServer { get; } =
    [
        ConnectionEstablished, Pong, SubscriptionConfirmed, Unsubscribed, Error, TaskStatus, JobProgress, QueueStats, Jobs,
        JobsChanged, Services, ServicesChanged, NewInteraction,
    ];
}
