using StashAI.Gateway.Routes.Jobs;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;
using static StashAI.Gateway.Wire.Docs.ParameterDoc;

namespace StashAI.Gateway.Routes.Clusters;

/// <summary>What the API's document says of <c>/api/jobs/{id}/clusters</c>.</summary>
internal static class ClusterDocs
{
    private const string Group = "41-0";

    private static readonly GroupFaceShape Face = new(
        Samples.TaskId, 0, Samples.JobId, $"http://localhost:9998/api/tasks/{Samples.TaskId}/faces/0/picture", false)
    { ItemName = "beach.jpg" };

    private static readonly FaceGroupShape Sample = new(Group, 31, 29, 0, null) { Examples = [Face] };

    private static ClustersShape Example { get; } = new()
    {
        JobId = Samples.JobId,
        Jobs = [Samples.JobId],
        State = RematchStateShape.Completed,
        Threshold = null,
        MinFaces = 2,
        Done = 202,
        Total = 202,
        Faces = 340,
        Unknown = 118,
        Groups = 1,
        GalleryVersion = 17,
        StartedAt = Samples.Time,
        UpdatedAt = Samples.Time,
        Error = null,
        Bulk = Samples.JobId,
        Data = [Sample],
        Next = null,
    };

    private static ParameterDoc GroupId { get; } = Path("group", "The group's id.");

    public static RouteDoc Start { get; } = new("cluster-job", Chapter.Control, "Group the unknown faces of ended jobs by person")
    {
        Description = "Those faces that the gallery of today does not know are grouped by how much they resemble each other. No photo is "
            + "read and no model is called. `jobs` are more jobs whose faces are grouped together with those of this one; `threshold` is "
            + "the least mean confidence between the faces of a group; `min_faces` is the smallest group that is kept, 2 by default. "
            + "The groups replace those of an earlier request. The server works on it also after a restart; it is a bulk operation "
            + "(`bulk`), which can be stopped. 409 for a job that has not ended, and for one whose faces are not stored.",
        Parameters = [Id],
        Body = BodyDoc.Of(new ClustersRequestShape { MinFaces = 2 }) with { IsRequired = false },
        Answers =
        [
            AnswerDoc.Of(
                Example with
                {
                    State = RematchStateShape.Running,
                    Done = 0,
                    Faces = 0,
                    Unknown = 0,
                    Groups = 0,
                    GalleryVersion = null,
                    Data = [],
                },
                "It is stored.", StatusCodes.Status202Accepted),
        ],
        Refusals = [StatusCodes.Status409Conflict],
    };

    public static RouteDoc List { get; } = new("list-clusters", Chapter.Read, "A page of the groups of unknown faces, the largest first")
    {
        Description = "`state` is `none` for a job whose faces were never grouped. `done` of the `total` photos were read. When `state` is "
            + "`completed`, `unknown` of the `faces` were unknown, and `groups` counts the groups. `examples` are the best faces of each "
            + "group. `person` is whom the group was named after.",
        Parameters = [Id, Limit, Cursor],
        Answers = [AnswerDoc.Of(Example)],
    };

    public static RouteDoc Show { get; } = new("show-cluster", Chapter.Read, "A page of the faces of a group, the best first")
    {
        Parameters = [Id, GroupId, Limit, Cursor],
        Answers = [AnswerDoc.Of(new FaceGroupPageShape(Group, 31, 29, 0, null, [Face], null, 31, true))],
    };

    public static RouteDoc NameGroup { get; } = new("name-cluster", Chapter.Control, "Say who a group of unknown faces is")
    {
        Description = "Enrols up to ten of the group's faces, clear ones that differ from each other, as a new person (`name`), or adds "
            + "them to a known one (`person_id`). `without` lists faces of the group that are of somebody else, by their tasks and "
            + "positions: they are not enrolled, and are kept as not being of the person, so that no match names them (`rejected` counts "
            + "them). Then the jobs of the groups are judged again (`rematch`, of this job). The same request again enrols nothing "
            + "(`enrolled` is 0). A name that somebody has is a 409 with that person's `person_id`, as is a group that is named after "
            + "somebody else. 422 for an entry of `without` that is not in the group or is sent twice, and when no face would be left.",
        Parameters = [Id, GroupId],
        Body = BodyDoc.Of(new GroupNameShape { Name = "Ann", Without = [new(Samples.TaskId, 0)] }),
        Answers =
        [
            AnswerDoc.Of(new NamedGroupShape(
                10, 1, new GalleryPersonShape($"{Samples.TaskId}", "Ann", null, null, null, 10, Samples.Time, Samples.Time),
                RematchDocs.Begun)),
        ],
        Refusals =
        [
            StatusCodes.Status409Conflict, StatusCodes.Status413PayloadTooLarge, StatusCodes.Status429TooManyRequests,
            StatusCodes.Status503ServiceUnavailable,
        ],
    };
}
