using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;

namespace StashAI.Gateway.Routes.Bulk;

/// <summary>What the API's document says of <c>/api/bulk</c>.</summary>
internal static class BulkDocs
{
    private static BulkFilterShape Filter { get; } = new() { State = ["partial", "failed"], Service = "visage" };

    private static BulkShape Example { get; } = new()
    {
        Id = Samples.JobId,
        Action = BulkActionShape.Retry,
        Filter = Filter,
        Priority = null,
        Threshold = null,
        State = BulkStateShape.Running,
        Matched = 120,
        Done = 64,
        Failed = 0,
        CreatedAt = Samples.Time,
        FinishedAt = null,
        AskedBy = "laptop",
        Error = null,
    };

    public static RouteDoc Start { get; } = new("start-bulk", Chapter.Control, "Act on all jobs that match a filter")
    {
        Description = "The filter has the members of `GET /api/jobs`, and `ids`, up to 1,000 ids of jobs; all must match. Without any, "
            + "`\"all\": true` is needed. With `dry_run` the answer is 200 with the number of jobs, and nothing happens. "
            + "Otherwise it is 202, and the server works on the jobs, also after a restart. "
            + "Jobs that were created later are not touched, and `retry` and `skip` leave failures that happened later. "
            + "With `error` as a kind or a fingerprint, they act on those failures only. A key of the scope `submit` acts on its own jobs. "
            + "`rematch` judges the results of ended jobs again, as `POST /api/jobs/{id}/rematch` does, also with `threshold`.",
        Body = BodyDoc.Of(new BulkRequestShape(BulkActionShape.Retry) { Filter = Filter }),
        Answers =
        [
            AnswerDoc.Of(Example, "The operation is stored.", StatusCodes.Status202Accepted),
            AnswerDoc.Of(new BulkCountShape(BulkActionShape.Retry, Filter, 120, true), "With `dry_run`: how many jobs match."),
        ],
    };

    public static RouteDoc List { get; } = new("list-bulk", Chapter.Control, "A page of bulk operations, the newest first")
    {
        Parameters = [ParameterDoc.Limit, ParameterDoc.Cursor],
        Answers = [AnswerDoc.Of(new BulkPageShape([Example], null, 1, true))],
    };

    public static RouteDoc Show { get; } = new("show-bulk", Chapter.Control, "A bulk operation")
    {
        Description = "`matched` grows while jobs are looked for, and is exact once `state` is `completed`. All three counts are jobs.",
        Parameters = [ParameterDoc.Id],
        Answers = [AnswerDoc.Of(Example)],
    };

    public static RouteDoc Stop { get; } = new("stop-bulk", Chapter.Control, "Stop a bulk operation")
    {
        Description = "What it has done stays done. One that is over stays as it is.",
        Parameters = [ParameterDoc.Id],
        Answers = [AnswerDoc.Of(Example with { State = BulkStateShape.Stopped, FinishedAt = Samples.Time })],
    };
}
