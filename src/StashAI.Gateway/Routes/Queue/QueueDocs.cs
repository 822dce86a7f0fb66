using System.ComponentModel;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;
using static StashAI.Gateway.Wire.Docs.ParameterDoc;

namespace StashAI.Gateway.Routes.Queue;

/// <summary>The descriptions of the routes for jobs and tasks in the API's document.</summary>
internal static class QueueDocs
{
    public static ParameterDoc IncludeCompleted { get; } = Query("include_completed", "False leaves completed ones out.", "boolean");

    public static ParameterDoc IncludePartial { get; } = Query(
        "include_partial", "False leaves out those of which only a part completed.", "boolean");

    public static ParameterDoc IncludeSingle { get; } = Query(
        "include_single", "False leaves out the jobs that a task route made for its one task.", "boolean");

    public static ParameterDoc Name { get; } = Query("name", "Only those with this in their name, in upper or lower case.");

    public static ParameterDoc OfJob { get; } = Query("job_id", "Only those of this job.");

    public static RouteDoc Status { get; } = new("status", Chapter.Read, "The status and the results of a job or a task")
    {
        Description = "Takes the id of a job, a task, an interaction or a session. `kind` says which it was.",
        Parameters = [Id, LimitFromZero, Offset, Dialect, Prefer, ResultFormat],
        Answers = [AnswerDoc.Any<StatusShape>(
            Samples.Status, "A job with a page of its results, in the order of the items; or a task, an interaction or a session.")],
    };

    public static RouteDoc Jobs { get; } = new("jobs", Chapter.Read, "A page of jobs, newest first")
    {
        Description = "A filter by `user_id`, `session_id` or `name` looks at 10,000 jobs at most at once: "
            + "a page may then have fewer jobs than `limit`, or none, while `next` goes on with older ones, and `total_is_exact` is false "
            + "when `total_count` has only those among the newest 10,000.",
        Parameters =
        [
            Limit, Offset, ParameterDoc.Status, Adapter, IncludeCompleted, IncludePartial, IncludeSingle, User, Session, Name, Cursor,
        ],
        Answers = [AnswerDoc.Of(
            new JobPageShape([Samples.Job with { AggregateResults = null, ErrorSummary = null }], 2, true, 1, 0, true, "AAAAAAAAACo"))],
    };

    public static RouteDoc Job { get; } = new("job", Chapter.Read, "A job with all its tasks")
    {
        Description = "Photos are shown whole while those of the job have 4 MB at most together; "
            + "above that `image` is a preview, or null while it is being made, and `input_url` the original.",
        Parameters = [Id, LimitFromZero, Offset, Inputs, Dialect],
        Answers =
        [
            AnswerDoc.Of(new JobDetailShape(
                Samples.Job,
                [Samples.TaskId, Samples.FailedTaskId],
                [Samples.Detail(Samples.Task, Samples.Faces()), Samples.Detail(Samples.FailedTask, null)])
            {
                EstimatedCompletion = null,
                EtaSeconds = null,
                EtaP90Seconds = null,
                EtaAt = null,
                Waiting = null,
            }),
        ],
    };

    public static RouteDoc Results { get; } = new("job-results", Chapter.Read, "The results of a job")
    {
        Description = "In pages, or with `format=ndjson` all that are there, one a line.",
        Parameters = [Id, LimitFromZero, Offset, Dialect, ResultFormat],
        Answers = [AnswerDoc.Of(Samples.Status)],
    };

    public static RouteDoc Tasks { get; } = new("tasks", Chapter.Read, "A page of tasks over all jobs, newest first")
    {
        Parameters = [Limit, ShortOffset, ParameterDoc.Status, Adapter, OfJob, Inputs, Dialect],
        Answers =
        [
            AnswerDoc.Of(new TaskPageShape(
                [
                    new(Samples.Task) { OutputUrl = $"/api/queue/task/{Samples.TaskId}" },
                    new(Samples.FailedTask) { OutputUrl = null },
                ],
                2, 2, 0, false)),
        ],
    };

    public static RouteDoc Task { get; } = new("task", Chapter.Read, "A task with its input, its result and its attempts")
    {
        Parameters = [Id, Inputs, Dialect],
        Answers =
        [
            AnswerDoc.Of(new TaskHistoryShape(
                Samples.Task,
                Samples.Faces(),
                [new(1, 1, AttemptOutcomeShape.Completed, Samples.Time, Samples.Time, 361, "a-machine", 200, null, null, null)])),
        ],
    };

    public static RouteDoc Input { get; } = new("task-input", Chapter.Read, "The uploaded bytes")
    {
        Parameters = [Id, Path("slot", "Which part; `image` for a photo.")],
        Answers = [AnswerDoc.File("application/octet-stream", "The bytes as they were uploaded.")],
    };

    public static RouteDoc Stats { get; } = new("stats", Chapter.Read, "The queue in numbers")
    {
        Description = "Under all the names that clients know.",
        Answers = [AnswerDoc.Of(QueueStatsShape.Example)],
    };

    public static RouteDoc Health { get; } = new("queue-health", Chapter.Server, "How the queue is")
    {
        Description = "503 with the same fields while its database cannot be reached.",
        Answers = [AnswerDoc.Of(new QueueHealthAnswerShape(true, true, true, false, Samples.Time))],
    };
}

/// <summary>The descriptions of the routes that control the queue in the API's document.</summary>
internal static class ControlDocs
{
    private const string Ends = "With `until` the pause ends by itself then, also over restarts; otherwise when somebody resumes. "
        + "Another pause of what is paused already changes its end.";

    private static readonly DateTimeOffset Morning = new(2026, 1, 2, 7, 0, 0, TimeSpan.Zero);

    private static readonly BodyDoc Until = BodyDoc.Of(new PauseRequestShape { Until = Morning }) with { IsRequired = false };

    public static RouteDoc Cancel { get; } = new("cancel", Chapter.Control, "Cancel a task, or the open tasks of a job")
    {
        Description = "200 for every known id; `cancelled` says whether there was anything to cancel. Running calls are aborted.",
        Parameters = [Id, Dialect],
        Answers =
        [
            AnswerDoc.Of(new CancelAnswerShape
            {
                Kind = KindShape.Job,
                JobId = Samples.JobId,
                Cancelled = true,
                CancelledTasks = 2,
                CancellingTasks = 0,
                Message = "2 tasks cancelled.",
                Status = StatusWordShape.Cancelled,
                Timestamp = Samples.Time,
            }),
        ],
    };

    public static RouteDoc Retry { get; } = new("retry", Chapter.Control, "Run what failed or was cancelled again")
    {
        Description = "`{\"only\":\"failed\"}` leaves cancelled tasks as they are. 409 for a batch of another API that has ended.",
        Parameters = [Id, Dialect],
        Body = BodyDoc.Of(new RetryRequestShape { Only = RetryScopeShape.All }) with { IsRequired = false },
        Answers =
        [
            AnswerDoc.Of(new RetryAnswerShape
            {
                Kind = KindShape.Job,
                JobId = Samples.JobId,
                Retried = true,
                RetriedTasks = 2,
                MaxAttempts = 4,
                Message = "2 tasks are queued again.",
                Status = StatusWordShape.Pending,
                Timestamp = Samples.Time,
            }),
        ],
        Refusals = [StatusCodes.Status409Conflict],
    };

    public static RouteDoc PauseJob { get; } = new("pause-job", Chapter.Control, "Pause a job")
    {
        Description = $"Running tasks finish; no new ones start. {Ends}",
        Parameters = [Id],
        Body = Until,
        Answers =
        [
            AnswerDoc.Of(new JobPauseShape(
                Samples.JobId, true, Morning, JobStatusWordShape.Running,
                "The job is paused until 2026-01-02T07:00:00Z: what runs goes on, nothing new begins.", Samples.Time)),
        ],
    };

    public static RouteDoc ResumeJob { get; } = new("resume-job", Chapter.Control, "Resume a job")
    {
        Parameters = [Id],
        Answers = [AnswerDoc.Of(
            new JobPauseShape(Samples.JobId, false, null, JobStatusWordShape.Running, "The job is not paused.", Samples.Time))],
    };

    public static RouteDoc PauseService { get; } = new("pause-service", Chapter.Control, "Pause a service")
    {
        Description = Ends,
        Parameters = [ServiceName],
        Body = Until,
        Answers = [AnswerDoc.Of(
            Service with { Paused = true, Message = "The service visage is paused: what runs goes on, nothing new begins." })],
    };

    public static RouteDoc ResumeService { get; } = new("resume-service", Chapter.Control, "Resume a service")
    {
        Parameters = [ServiceName],
        Answers = [AnswerDoc.Of(Service with { Message = "The service visage is not paused.", ReopenedLanes = 0, ReleasedTasks = 0 })],
    };

    public static RouteDoc Pause { get; } = new("pause", Chapter.Control, "Pause everything")
    {
        Description = Ends,
        Body = Until,
        Answers = [AnswerDoc.Of(
            All with { Paused = true, EverythingPaused = true, Message = "The queue is paused: what runs goes on, nothing new begins." })],
    };

    public static RouteDoc Resume { get; } = new("resume", Chapter.Control, "Resume everything")
    {
        Answers = [AnswerDoc.Of(All with { Message = "The queue is not paused.", ReopenedLanes = 0, ReleasedTasks = 0 })],
    };

    private static ServicePauseShape Service =>
        new() { Service = "visage", Paused = false, PausedUntil = null, EverythingPaused = false, Message = "", Timestamp = Samples.Time };

    private static QueuePauseShape All =>
        new() { Paused = false, PausedUntil = null, EverythingPaused = false, Message = "", Timestamp = Samples.Time, PausedServices = [] };
}

/// <summary>What an id names.</summary>
internal enum KindShape
{
    Job,
    Task,
    Interaction,
    Session,
}

/// <summary><c>status</c> of a job or a task.</summary>
internal enum StatusWordShape
{
    Pending,
    Running,
    Completed,
    Finished,
    Partial,
    Failed,
    Cancelled,
}

/// <summary>Which tasks to retry.</summary>
internal enum RetryScopeShape
{
    All,
    Failed,
}

/// <summary>Which tasks to retry.</summary>
internal sealed record RetryRequestShape
{
    [Description("`failed` leaves cancelled tasks as they are.")]
    public RetryScopeShape? Only { get; init; }
}

/// <summary>How long to pause.</summary>
internal sealed record PauseRequestShape
{
    [Description("When the pause ends by itself: a time with its offset from UTC. Without one, it lasts until somebody resumes.")]
    public DateTimeOffset? Until { get; init; }
}

/// <summary>What was cancelled.</summary>
internal sealed record CancelAnswerShape
{
    public required KindShape Kind { get; init; }
    public Guid? JobId { get; init; }
    public Guid? TaskId { get; init; }
    public required bool Cancelled { get; init; }
    public int? CancelledTasks { get; init; }
    public int? CancellingTasks { get; init; }
    public required string Message { get; init; }
    public required StatusWordShape Status { get; init; }
    public TaskStateShape? State { get; init; }
    public required DateTimeOffset Timestamp { get; init; }
}

/// <summary>What runs again.</summary>
internal sealed record RetryAnswerShape
{
    public required KindShape Kind { get; init; }
    public Guid? TaskId { get; init; }
    public required Guid JobId { get; init; }
    public required bool Retried { get; init; }
    public required int RetriedTasks { get; init; }
    public int? Attempt { get; init; }
    public required int MaxAttempts { get; init; }
    public required string Message { get; init; }
    public required StatusWordShape Status { get; init; }
    public required DateTimeOffset Timestamp { get; init; }
}

/// <summary>Whether a job is paused.</summary>
internal sealed record JobPauseShape(
    Guid JobId, bool Paused, DateTimeOffset? PausedUntil, JobStatusWordShape Status, string Message, DateTimeOffset Timestamp);

/// <summary>Whether work is paused, and what a resume did.</summary>
internal abstract record PauseShape
{
    public required bool Paused { get; init; }

    [Description("When the pause ends by itself; null when it is not paused, or until somebody resumes.")]
    public required DateTimeOffset? PausedUntil { get; init; }

    public required bool EverythingPaused { get; init; }
    public int? ReopenedLanes { get; init; }
    public int? ReleasedTasks { get; init; }
    public required string Message { get; init; }
    public required DateTimeOffset Timestamp { get; init; }
}

/// <summary>Whether a service is paused.</summary>
internal sealed record ServicePauseShape : PauseShape
{
    public required string Service { get; init; }
}

/// <summary>Whether everything is paused.</summary>
internal sealed record QueuePauseShape : PauseShape
{
    public required IReadOnlyList<string> PausedServices { get; init; }
}

/// <summary>How the queue is.</summary>
internal sealed record QueueHealthAnswerShape(
    bool QueueHealthy, bool ManagerHealthy, bool QueueEnabled, bool DirectMode, DateTimeOffset Timestamp);
