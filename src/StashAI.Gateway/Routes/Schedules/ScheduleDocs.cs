using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;

namespace StashAI.Gateway.Routes.Schedules;

/// <summary>What the API's document says of <c>/api/schedules</c>.</summary>
internal static class ScheduleDocs
{
    private static ParameterDoc Id { get; } = ParameterDoc.Path("id", "The id, or the name.");

    private static ScheduleRequestShape Request { get; } = new()
    {
        Name = "new-photos",
        Cron = "0 3 * * *",
        TimeZone = "Europe/Berlin",
        Overlap = ScheduleOverlapShape.Skip,
        Service = "visage",
        Operation = "identify",
        Config = DocJson.Object("""{"threshold":0.6,"tags":["nightly"]}"""),
        Source = DocJson.Object("""{"type":"folder","path":"/photos","only":"changed"}"""),
    };

    private static ScheduleRunShape Submitted { get; } = new()
    {
        Moment = Samples.Time,
        Asked = false,
        State = ScheduleRunStateShape.Submitted,
        StartedAt = Samples.Time,
        FinishedAt = Samples.Time,
        JobId = Samples.JobId,
        JobName = "Nightly photos",
        Items = 12,
        Reason = null,
    };

    private static ScheduleShape Example { get; } = new()
    {
        Id = Samples.TaskId,
        Name = Request.Name,
        Cron = Request.Cron,
        TimeZone = Request.TimeZone!,
        Overlap = ScheduleOverlapShape.Skip,
        Service = Request.Service,
        Operation = Request.Operation,
        Config = Request.Config,
        DeadlineSeconds = null,
        Source = Request.Source,
        Paused = false,
        Owner = "laptop",
        NextRunAt = Samples.Time.AddDays(1),
        LastRun = Submitted,
        CreatedAt = Samples.Time,
        UpdatedAt = Samples.Time,
    };

    public static RouteDoc List { get; } = new("list-schedules", Chapter.Control, "A page of schedules, the newest first")
    {
        Parameters = [ParameterDoc.Limit, ParameterDoc.Cursor],
        Answers = [AnswerDoc.Of(new SchedulePageShape([Example], null, 1, true))],
    };

    public static RouteDoc Create { get; } = new("create-schedule", Chapter.Control, "Create a schedule: a job that repeats")
    {
        Description = "`cron` has five fields (minutes, hours, days of the month, months, days of the week) or is a name such as "
            + "`@daily`, in `time_zone`, an IANA name; the default is the server's zone. "
            + "A moment that clocks skip comes when they have been set forward; one that they repeat comes once. Moments that were missed "
            + "while no server ran are one run. `source` is "
            + "`{\"type\":\"folder\",\"path\":…,\"recursive\":true,\"types\":[\"jpg\"],\"only\":\"changed\"}`, "
            + "`{\"type\":\"ndjson\",\"path\":…}` or `{\"type\":\"body\",\"body\":{…}}`; paths are under `ALLOWED_FOLDERS`. With "
            + "`\"only\":\"changed\"` a run takes files that are new, or of another size or time than when they were submitted. `config` "
            + "is that of a submit, without `start_at` and `deadline`: `deadline_seconds` counts from each submit. `overlap` says what "
            + "happens while the job of the run before is not over: `skip`, or `queue`, where one run at most waits. Runs submit with the "
            + "rights that the key of the caller has then.",
        Body = BodyDoc.Of(Request),
        Answers = [AnswerDoc.Of(Example, "The schedule is stored.", StatusCodes.Status201Created)],
        Refusals = [StatusCodes.Status409Conflict],
    };

    public static RouteDoc Show { get; } = new("show-schedule", Chapter.Control, "A schedule")
    {
        Parameters = [Id],
        Answers = [AnswerDoc.Of(Example)],
    };

    public static RouteDoc Change { get; } = new("change-schedule", Chapter.Control, "Change, pause or resume a schedule")
    {
        Description = "Members that are not sent stay, and null takes the default. Moments that pass during a pause are not made up for. "
            + "Another service, operation or folder makes all files new. `take_over` makes the caller's key the owner.",
        Parameters = [Id],
        Body = BodyDoc.Of(new ScheduleChangeShape { Paused = true }),
        Answers = [AnswerDoc.Of(Example with { Paused = true, NextRunAt = null })],
        Refusals = [StatusCodes.Status409Conflict],
    };

    public static RouteDoc Delete { get; } = new("delete-schedule", Chapter.Control, "Delete a schedule and its history")
    {
        Description = "Jobs that it has submitted stay.",
        Parameters = [Id],
        Answers = [new AnswerDoc(StatusCodes.Status204NoContent, "It is gone.", null, null, null)],
    };

    public static RouteDoc Runs { get; } = new("list-schedule-runs", Chapter.Control, "A page of a schedule's runs, the newest first")
    {
        Description = "The last 500 runs are kept. `reason` says why a run was skipped or failed, and what a run left out.",
        Parameters = [Id, ParameterDoc.Limit, ParameterDoc.Cursor],
        Answers = [AnswerDoc.Of(new ScheduleRunPageShape([Submitted], null, 1, true))],
    };

    public static RouteDoc Run { get; } = new("run-schedule", Chapter.Control, "Run a schedule now")
    {
        Description = "Also while it is paused. `overlap` holds; the run is `skipped` when another one waits. "
            + "`GET /api/schedules/{id}/runs` shows what became of it.",
        Parameters = [Id],
        Answers =
        [
            AnswerDoc.Of(
                Submitted with
                {
                    Asked = true, State = ScheduleRunStateShape.Waiting, StartedAt = null, FinishedAt = null, JobId = null, JobName = null,
                    Items = null,
                },
                "The run is stored.", StatusCodes.Status202Accepted),
        ],
    };
}
