using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;
using static StashAI.Gateway.Wire.Docs.ParameterDoc;

namespace StashAI.Gateway.Routes.Jobs;

/// <summary>What the API's document says of <c>/api/jobs/{id}/rematch</c>.</summary>
internal static class RematchDocs
{
    private static RematchShape Example { get; } = new()
    {
        JobId = Samples.JobId,
        State = RematchStateShape.Running,
        Threshold = 0.6,
        Total = 202,
        Done = 128,
        Judged = 128,
        Changed = 9,
        GalleryVersion = 17,
        StartedAt = Samples.Time,
        UpdatedAt = Samples.Time,
        Error = null,
        Bulk = Samples.JobId,
    };

    public static RematchShape Begun { get; } = Example with { Done = 0, Judged = 0, Changed = 0, GalleryVersion = null };

    public static RouteDoc Start { get; } = new("rematch-job", Chapter.Control, "Judge the faces of an ended job again")
    {
        Description = "The faces that were found are matched with the gallery of today, and results and the aggregate are rewritten. No "
            + "photo is read and no model is called. `threshold` replaces those of the job and its items "
            + "for this time. The server works on it also after a restart; it is a bulk operation (`bulk`), which can be stopped. 409 for "
            + "a job that has not ended, and for one whose faces are not stored.",
        Parameters = [Id],
        Body = BodyDoc.Of(new RematchRequestShape { Threshold = 0.6 }) with { IsRequired = false },
        Answers =
        [
            AnswerDoc.Of(Begun, "It is stored.", StatusCodes.Status202Accepted),
        ],
        Refusals = [StatusCodes.Status409Conflict],
    };

    public static RouteDoc Show { get; } = new("show-rematch", Chapter.Read, "The last rematch of a job, and how far it is")
    {
        Description = "`state` is `none` for a job that was never judged again. `done` of the `total` results were read, `judged` of them "
            + "had stored faces, and for `changed` of these somebody was added or removed. `gallery_version` is also in each result that "
            + "was judged.",
        Parameters = [Id],
        Answers = [AnswerDoc.Of(Example with { State = RematchStateShape.Completed, Done = 202, Judged = 202 })],
    };
}
