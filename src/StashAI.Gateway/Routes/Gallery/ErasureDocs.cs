using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;

namespace StashAI.Gateway.Routes.Gallery;

/// <summary>What the API's document says of deleting a person.</summary>
internal static class ErasureDocs
{
    private static readonly Guid PersonId = Guid.Parse("0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a5b");

    private static readonly Guid Id = Guid.Parse("0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a5c");

    private static readonly ErasureShape Running = new(Id, PersonId, "running", null, 3, 12, 41, Samples.Time, null);

    private static readonly ErasureShape Completed = new(Id, null, "completed", null, 12, 12, 107, Samples.Time, Samples.Time);

    public static RouteDoc Start { get; } = new("delete-person", Chapter.Control, "Delete a person, from the gallery and from all results")
    {
        Description = "The person is deleted in the gallery, and then removed from everything that is stored: in the results of all jobs a "
            + "face whose best match is the person loses its picture, its embedding and its name, "
            + "and keeps its box; the summaries of jobs, the inputs that name the person, messages of failures and the log of changes "
            + "follow. The answer is an erasure; `GET /api/people/erasures/{id}` tells how far it is. It survives crashes and restarts. If "
            + "the face service cannot be reached, it stays open, says so in `reason`, and is tried again. "
            + "Repeating the request is harmless.",
        Parameters = [ParameterDoc.Path("id", "The person's id.")],
        Answers = [AnswerDoc.Of(Running, "The person is being removed.", StatusCodes.Status202Accepted)],
        Refusals = [StatusCodes.Status503ServiceUnavailable],
    };

    public static RouteDoc List { get; } = new("list-erasures", Chapter.Read, "Removals of people, newest first")
    {
        Description = "When one is over, nothing tells whom it removed: `person_id` is null.",
        Parameters = [ParameterDoc.Limit, ParameterDoc.Cursor],
        Answers = [AnswerDoc.Of(new ErasurePageShape([Completed], null, 1, true))],
    };

    public static RouteDoc Show { get; } = new("show-erasure", Chapter.Read, "How far the removal of a person is")
    {
        Description = "Of `jobs_total` jobs `jobs_done` name the person no longer. A job with calls that had begun before waits for them.",
        Parameters = [ParameterDoc.Path("id", "The erasure's id.")],
        Answers = [AnswerDoc.Of(Running)],
    };
}
