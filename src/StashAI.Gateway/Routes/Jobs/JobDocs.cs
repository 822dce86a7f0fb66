using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;
using static StashAI.Gateway.Wire.Docs.ParameterDoc;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>What the API's document says of <c>/api/jobs</c> and <c>/api/tasks</c>.</summary>
internal static class JobDocs
{
    private const string Bounded =
        "A read looks at a bounded number of entries: a page may have fewer than `limit`, or none, while `next` goes on. "
        + "`total` comes from counters, or counts what the first read found; then `total_is_exact` is false when there may be more.";

    public static ParameterDoc JobState { get; } = Query(
        "state",
        "Only jobs in these states: `pending`, `running`, `completed`, `partial`, `failed`, `cancelled`, separated by commas.") with
    {
        MayRepeat = true,
    };

    public static ParameterDoc TaskState { get; } = Query(
        "state",
        "Only tasks in these states: `available`, `scheduled`, `running`, `completed`, `failed`, `cancelled`, separated by commas.") with
    {
        MayRepeat = true,
    };

    public static ParameterDoc Paused { get; } = Query("paused", "True for paused jobs only, false for the others only.", "boolean");

    public static ParameterDoc OfService { get; } = Query("service", "Only those of this service.");

    public static ParameterDoc OfOperation { get; } = Query("operation", "Only those of this operation.");

    public static ParameterDoc Name { get; } = Query("name", "Only jobs with this in their name, in upper or lower case.");

    public static ParameterDoc Tag { get; } = Query("tag", "Only jobs with this tag.");

    public static ParameterDoc Owner { get; } = Query("owner", "Only jobs that were submitted with the API key of this name.");

    public static ParameterDoc Error { get; } = Query(
        "error", "Only jobs with failed tasks of this kind (`timeout`), with this fingerprint, or with this in a message.");

    public static ParameterDoc CreatedAfter { get; } = Query(
        "created_after", "Only jobs that were submitted after this time, as RFC 3339.");

    public static ParameterDoc CreatedBefore { get; } = Query(
        "created_before", "Only jobs that were submitted before this time, as RFC 3339.");

    public static ParameterDoc IdPrefix { get; } = Query("id", "Only jobs whose id begins so.");

    public static ParameterDoc Sort { get; } = Query(
        "sort",
        "`-created`: the newest first, as without it; `created`: the oldest first. `-failed`: jobs with failures, the most first. "
        + "`priority`: open jobs, the highest first. `-progress`: running jobs, the furthest first, of 5,000 at most. `name`: jobs with a "
        + "name, in the order of its characters in lower case.") with
    {
        Words = ["-created", "created", "-failed", "priority", "-progress", "name"],
    };

    public static ParameterDoc OfFingerprint { get; } = Query("fingerprint", "Only failed tasks of this group.");

    public static ParameterDoc LeastAttempts { get; } = Query("attempts_min", "Only tasks that were tried at least so often.", "integer");

    public static ParameterDoc TaskText { get; } = Query(
        "text", "Only tasks with this in their input or their error, in upper or lower case.");

    public static ParameterDoc Fingerprint { get; } = Path("fingerprint", "The group, as the list of failures names it.");

    public static ParameterDoc Format { get; } = Query(
        "format",
        "`ndjson`: one result a line, as without it. `csv`: one a row. `json`: a page with `data` and `next`. "
            + "`zip`: an archive with a file for each.") with
    {
        Words = ["ndjson", "csv", "json", "zip"],
    };

    public static ParameterDoc Order { get; } = Query(
        "order",
        "`item`: in the order of the items, as without it. `finished`: in the order in which they finished; not with "
            + "`format=json` or `zip`.") with
    {
        Words = ["item", "finished"],
    };

    public static ParameterDoc Follow { get; } = Query(
        "follow", "True goes on with results as they come, until the job is over; not with `format=json` or `zip`.", "boolean");

    public static ParameterDoc FromItem { get; } = Query(
        "from",
        "Only items from this index on, such as the one behind the last that was read; not with `format=json` or `zip`.", "integer");

    public static ParameterDoc Range { get; } = new("Range", "header", "string",
        "One range of bytes, such as `bytes=1000-`, of `ndjson` or `csv` of a job that is over.");

    public static ParameterDoc IfRange { get; } = new("If-Range", "header", "string",
        "The ETag of the first part: the answer is whole (200) when the results have changed since.");

    public static ParameterDoc IfNoneMatch { get; } = new("If-None-Match", "header", "string",
        "ETags that the client has: the answer is a 304 when the results of a job that is over are one of them.");

    public static ParameterDoc ResultState { get; } = Query(
        "state", "Only results in these states: `completed`, `failed`, `cancelled`, separated by commas; all of them unless given.");

    public static ParameterDoc With { get; } = Query("with", "The id of the other job; `source_job` unless given.");

    public static ParameterDoc Kind { get; } = Query("kind", "Only items of this kind.") with { Words = JobComparison.Kinds };

    public static JobEntryShape Entry { get; } = new()
    {
        Id = Samples.JobId,
        Service = "visage",
        Operation = "identify",
        Name = "Summer",
        Tags = ["holiday"],
        Owner = "laptop",
        SourceJob = null,
        State = JobStatusWordShape.Partial,
        Paused = false,
        PausedUntil = null,
        Priority = 5,
        MaxParallel = null,
        MaxAttempts = 4,
        Cache = CacheShape.Off,
        Tasks = new(2, 0, 0, 0, 1, 1, 0, 0),
        ProgressPercentage = 50,
        ProcessedPercentage = 100,
        Version = 5,
        UserId = "user_123",
        SessionId = "session_456",
        EstimatedCost = null,
        Cost = null,
        CreatedAt = Samples.Time,
        StartAt = null,
        DeadlineAt = null,
        StartedAt = Samples.Time,
        FinishedAt = Samples.Time,
        UpdatedAt = Samples.Time,
        TasksPerSecond = 2,
        EstimatedCompletion = null,
        EtaSeconds = null,
        EtaP90Seconds = null,
        EtaAt = null,
    };

    public static JobEntryDetailShape Detail { get; } = new(Entry)
    {
        Config = DocJson.Object("""{"threshold":0.7}"""),
        AggregateResults = Samples.Job.AggregateResults,
        ErrorSummary = Samples.Job.ErrorSummary,
        InputBytes = 20,
        ProcessingMs = 295.461,
        LaneTasksPerSecond = null,
        TasksAhead = null,
        Waiting = null,
        BatchId = null,
    };

    public static TaskEntryShape TaskEntry { get; } = new()
    {
        Id = Samples.TaskId,
        JobId = Samples.JobId,
        JobName = "Summer",
        Index = 0,
        Service = "visage",
        Operation = "identify",
        State = TaskStateShape.Completed,
        Version = 3,
        Attempt = 1,
        MaxAttempts = 4,
        CancelRequested = false,
        Cached = false,
        Cost = null,
        ErrorKind = null,
        ErrorMessage = null,
        ProcessingMs = 295.461,
        DueAt = null,
        StartedAt = Samples.Time,
        FinishedAt = Samples.Time,
    };

    public static RouteDoc List { get; } = new("list-jobs", Chapter.Read, "A page of jobs by any filter")
    {
        Description = "All filters can be combined. " + Bounded,
        Parameters =
        [
            Limit, Cursor, JobState, Paused, OfService, OfOperation, Name, User, Session, Tag, Owner, Error, CreatedAfter, CreatedBefore,
            IdPrefix, Sort,
        ],
        Answers = [AnswerDoc.Of(new JobEntryPageShape([Entry], null, 1, true))],
    };

    public static RouteDoc Show { get; } = new("show-job", Chapter.Read, "A job without its tasks")
    {
        Description = "`tasks_ahead` counts tasks of other jobs that are served before its last one. `waiting` says why it waits: a "
            + "service that is down, since when and when it is asked again, allowed hours, or a pause and which request ends it.",
        Parameters = [Id],
        Answers = [AnswerDoc.Of(Detail)],
    };

    public static RouteDoc Timeline { get; } = new("job-timeline", Chapter.Read, "What happened to a job over time")
    {
        Description = "`steps` counts the tasks that completed and failed in `step_seconds`, at most 129 of them whatever the job's "
            + "length; one without anything is left out. A task that failed, was retried and failed again counts twice. `events` has "
            + "the newest 200 pauses and outages. Jobs that ran before this was kept have no steps.",
        Parameters = [Id],
        Answers =
        [
            AnswerDoc.Of(new TimelineShape(
                Samples.JobId, Samples.Time, Samples.Time.AddSeconds(1), null,
                [new(Samples.Time, TimelineWordShape.Created), new(Samples.Time.AddSeconds(1), TimelineWordShape.Started)], 1,
                [new(Samples.Time.AddSeconds(2), 7, 1)])),
        ],
    };

    public static RouteDoc Tasks { get; } = new("list-tasks-of-job", Chapter.Read, "A page of a job's tasks, in the order of the items")
    {
        Description = Bounded,
        Parameters = [Id, Limit, Cursor, TaskState, OfFingerprint, LeastAttempts, TaskText],
        Answers = [AnswerDoc.Of(new TaskEntryPageShape([TaskEntry], null, 1, true))],
    };

    public static RouteDoc AllTasks { get; } = new("list-tasks", Chapter.Read, "A page of tasks over all jobs, the newest first")
    {
        Description = Bounded,
        Parameters = [Limit, Cursor, TaskState, OfService, OfFingerprint, LeastAttempts],
        Answers = [AnswerDoc.Of(new TaskEntryPageShape([TaskEntry], null, 1, true))],
    };

    public static RouteDoc ShowTask { get; } = new("show-task", Chapter.Read, "A task with its input, its result and its attempts")
    {
        Parameters = [Id, Inputs],
        Answers =
        [
            AnswerDoc.Of(new TaskEntryDetailShape(
                TaskEntry,
                Samples.Faces(),
                [new(1, 1, AttemptOutcomeShape.Completed, Samples.Time, Samples.Time, 361, "a-machine", 200, null, null, null)])
            {
                InputData = Samples.Task.InputData,
            }),
        ],
    };

    public static RouteDoc RetryTask { get; } = new("retry-task", Chapter.Control, "Run a task again, also with an edited input")
    {
        Description = "`input` replaces the item of a declared service and is checked as at a submit; files stay as they are. "
            + "`GET /api/tasks/{id}` shows the first input as `first_input`. 409 for a task that neither failed nor was cancelled, and for "
            + "one of a batch of another API that has ended.",
        Parameters = [Id],
        Body = BodyDoc.Of(new TaskRetryShape { Input = DocJson.Parse("\"The house is blue.\"") }) with { IsRequired = false },
        Answers = [AnswerDoc.Of(TaskEntry with { State = TaskStateShape.Available, Attempt = 0, ProcessingMs = null, FinishedAt = null })],
        Refusals = [StatusCodes.Status409Conflict],
    };

    public static RouteDoc Failures { get; } = new("job-failures", Chapter.Read, "A job's failures in groups")
    {
        Description = "Failures of one kind, with one HTTP status and one message but for its numbers, ids, paths and addresses, are a "
            + "group: docs/failures.md. The largest come first, 1,000 at most. `fingerprint` is null for tasks that failed before there "
            + "were groups.",
        Parameters = [Id],
        Answers =
        [
            AnswerDoc.Of(new FailurePageShape(
                [
                    new(
                        "ac77eee413736225", ErrorKindShape.Connection, null, "{address}: Connection refused",
                        "127.0.0.1:9997: Connection refused", 12,
                        Samples.Time, Samples.Time, [Samples.FailedTaskId], ["img002.jpg"]),
                ],
                null, 1, true)),
        ],
    };

    public static RouteDoc RetryFailures { get; } = new("retry-failures", Chapter.Control, "Run one group of failures again")
    {
        Description = "409 for a batch of another API that has ended: `POST /v1/batches/{id}/retry` makes a new one of its failures.",
        Parameters = [Id, Fingerprint],
        Answers =
        [
            AnswerDoc.Of(new FailureChangeShape(
                Samples.JobId, "ac77eee413736225", 12, JobStatusWordShape.Running, "12 tasks are queued again.")),
        ],
        Refusals = [StatusCodes.Status409Conflict],
    };

    public static RouteDoc SkipFailures { get; } = new("skip-failures", Chapter.Control, "Cancel one group of failures")
    {
        Description = "Its tasks count as cancelled from then on and keep the message of their failure. 409 for a batch of another API "
            + "that has ended.",
        Parameters = [Id, Fingerprint],
        Answers =
        [
            AnswerDoc.Of(new FailureChangeShape(
                Samples.JobId, "ac77eee413736225", 12, JobStatusWordShape.Partial, "12 tasks are skipped.")),
        ],
        Refusals = [StatusCodes.Status409Conflict],
    };

    public static RouteDoc Results { get; } = new("list-job-results", Chapter.Read, "The results of a job, as a stream or in pages")
    {
        Description = "With `follow=true` the answer ends when the job is over; if the job is deleted or the server stops before, "
            + "the connection is cut. A cell of CSV that a spreadsheet would run as a formula "
            + "begins with an apostrophe; results of faces have no pictures there, and a column `people` with the names on the photo. The "
            + "last column of a job with costs is `cost`. Results of a job that asks a language model have the item's text, or its last "
            + "message of a user, as `prompt`. "
            + "`ndjson` and `csv` of a job that is over have a strong `ETag` and can be read in ranges.",
        Parameters = [Id, Format, ResultState, Order, Follow, FromItem, Limit, Cursor, Range, IfRange, IfNoneMatch],
        Answers =
        [
            AnswerDoc.Of(new JobResultPageShape(
                [new(0, Samples.TaskId, TaskStateShape.Completed, null, null, 295.461, null, Samples.Time, Samples.Faces())], null, 2,
                true)),
            new(StatusCodes.Status206PartialContent, "The range.", null, "application/x-ndjson", null),
            new(StatusCodes.Status304NotModified, "The client has these results already.", null, "application/x-ndjson", null),
        ],
        Refusals = [StatusCodes.Status416RangeNotSatisfiable],
    };

    public static RouteDoc Change { get; } = new("change-job", Chapter.Control, "Change a job while it runs")
    {
        Description = "What is left out stays as it is; null takes `max_parallel` and `deadline` away.",
        Parameters = [Id],
        Body = BodyDoc.Of(new JobChangeShape { Name = "Summer", Tags = ["holiday"], Priority = 9 }),
        Answers = [AnswerDoc.Of(Detail)],
    };

    public static RouteDoc Rerun { get; } = SubmitDoc.Of(
        "rerun-job",
        "Create a new job with the items of this one",
        BodyDoc.Of(new RerunShape { Only = RerunScopeShape.Failed, Config = DocJson.Object("""{"threshold":0.6}""") }) with
        {
            IsRequired = false,
        },
        Samples.Acknowledged with
        {
            Message = "2 items are queued again.",
            SourceJob = Samples.JobId,
            VisageApiUrl = null,
            ThresholdUsed = null,
        }) with
    {
        Description = "The items stay in the database: inputs are copied, photos and other binary parts are shared by both jobs. "
            + "`config` is put over the configuration of the first job. `source_job` of the new job is the first. "
            + "409 where no task has failed, and where retention has removed binary parts of completed items.",
        Parameters = [Id, IdempotencyKey, Prefer, Dialect],
        Refusals = [StatusCodes.Status409Conflict],
    };

    public static RouteDoc Compare { get; } = new("compare-jobs", Chapter.Read, "Two jobs, item by item")
    {
        Description = "Where one job repeats items of the other (`source_job`), each item is compared with the one that it repeats; else "
            + "items at the same position are. `same`: the same state, result and kind of error. `open`: "
            + "one of the two is not over. Counts look at 20,000 items at most, and a page at 5,000: then `total_is_exact` is false, and a "
            + "page may have fewer items than `limit`.",
        Parameters = [Id, With, Kind, Limit, Cursor],
        Answers =
        [
            AnswerDoc.Of(new ComparisonShape(
                Samples.JobId, Samples.JobId, MatchedByShape.Source, new(1, 1, 0, 0, 0),
                [new(ComparedKindShape.Different, 0, Samples.TaskId, 0, Samples.TaskId)], null, 2, true)),
        ],
    };

    public static RouteDoc Delete { get; } = new("delete-job", Chapter.Control, "Delete a job with its inputs and results")
    {
        Description = "A job that runs is cancelled first. From a 204 on no list shows it; its rows are removed in small steps. While "
            + "calls that were aborted have not ended, the answer is 202, "
            + "and the server removes the job when they have, also after a restart.",
        Parameters = [Id],
        Answers =
        [
            new AnswerDoc(StatusCodes.Status204NoContent, "The job is gone.", null, null, null),
            AnswerDoc.Of(
                new DeleteAcceptedShape(Samples.JobId, Samples.JobId, "The job is cancelled."),
                "The job is removed when its calls have ended.", StatusCodes.Status202Accepted),
        ],
    };
}

/// <summary>What happened to a job over time.</summary>
internal sealed record TimelineShape(
    Guid JobId, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt,
    IReadOnlyList<TimelineEventShape> Events, long StepSeconds, IReadOnlyList<TimelineStepShape> Steps);

/// <summary>Something that happened to a job, to its service or to its address.</summary>
internal sealed record TimelineEventShape(DateTimeOffset At, TimelineWordShape Event);

/// <summary>`parked`: the service is down, and tasks wait for it; `unparked`: it answers again.</summary>
internal enum TimelineWordShape
{
    Created,
    Started,
    Paused,
    Resumed,
    ServicePaused,
    ServiceResumed,
    Parked,
    Unparked,
    Ended,
}

/// <summary>How many tasks ended in a step.</summary>
internal sealed record TimelineStepShape(DateTimeOffset At, int Completed, int Failed);
