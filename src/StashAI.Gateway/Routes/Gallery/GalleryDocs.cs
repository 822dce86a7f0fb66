using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;

namespace StashAI.Gateway.Routes.Gallery;

/// <summary>What the API's document says of <c>/api/people</c>.</summary>
internal static class GalleryDocs
{
    private const string Photos = "`photos` are base64 texts, or `{\"image\":…,\"face\":{\"x\":10,\"y\":20}}` where a photo shows several "
        + "people; `faces` are faces of earlier answers with their embeddings, or faces of stored results, each named by its task and its "
        + "position in the result, `{\"task\":…,\"face\":0}`. Such results are judged again: at once, or once the face service answers "
        + "(`waiting`), and the other results of their jobs after them (`rematch`). "
        + "A form (`multipart/form-data`) with any number of files and the other fields as text parts does the same. All photos are "
        + "enrolled, or none: the error names the photo. The same face of the same file is kept once.";

    public static readonly Guid PersonId = Guid.Parse("0199b5b2-0a9a-7c7d-8f3e-0c1d2e3f4a5b");

    private static readonly int[] Unavailable = [StatusCodes.Status503ServiceUnavailable];

    private static readonly int[] Unusable =
        [StatusCodes.Status413PayloadTooLarge, StatusCodes.Status429TooManyRequests, StatusCodes.Status503ServiceUnavailable];

    private static readonly AnswerDoc Gone = new(StatusCodes.Status204NoContent, "It is gone.", null, null, null);

    private static readonly GalleryPersonShape Ann = new(
        PersonId.ToString(), "Ann", "NO", "http://localhost:9998/api/visage/pictures/c2FtcGxl", null, 2, Samples.Time, Samples.Time);

    private static readonly GalleryPersonShape Enrolled = Ann with
    {
        Enrolled = [new(0, DocJson.Object("""{"x":40,"y":30,"width":90,"height":110}"""), 4.1)],
        Rematch = new(1, 0, [Samples.JobId]),
    };

    public static ParameterDoc Name { get; } = ParameterDoc.Query("name", "Only people whose name contains this, in any case.");

    public static ParameterDoc Sort { get; } =
        ParameterDoc.Query("sort", "The order: of enrolment (the default), by name or by the number of faces; `-` for the reverse.") with
        {
            Words = ["added", "-added", "name", "-name", "faces", "-faces"],
        };

    public static ParameterDoc InJob { get; } = ParameterDoc.Query(
        "in_job", "Only people whom results of this job show, those on most photos first. Not together with `name` or `sort`.") with
    {
        Format = "uuid",
    };

    public static ParameterDoc Id { get; } = ParameterDoc.Path("id", "The person's id.");

    private static ParameterDoc ResultFace { get; } =
        new("face", "path", "integer", "The position of the face in the result, from 0.");

    private static ParameterDoc Rejection { get; } = ParameterDoc.Path("rejection", "The rejection's id.");

    private static RejectionShape Rejected { get; } = new(
        PersonId, Samples.TaskId, 0, $"http://localhost:9998/api/tasks/{Samples.TaskId}/faces/0/picture", Samples.Time);

    private static ParameterDoc Face { get; } = ParameterDoc.Path("face", "The face's id.");

    public static RouteDoc List { get; } = new("list-people", Chapter.Read, "A page of the people that the face service knows")
    {
        Description = "`faces` counts the enrolled faces of each, `total` the people that match. `image` is a link that needs no key and "
            + "is valid for a day. With `in_job`, each person also has `photos`, the number of photos of the job that show the person, and "
            + "`best_confidence`, the best of their matches. A person who is not in the gallery any more has the id and the name of the "
            + "results, and the times are null.",
        Parameters = [ParameterDoc.Limit, ParameterDoc.Cursor, Name, Sort, InJob],
        Answers = [AnswerDoc.Of(new GalleryPageShape([Ann with { Photos = 12, BestConfidence = 0.97 }], null, 1, true))],
        Refusals = Unavailable,
    };

    public static RouteDoc Enrol { get; } = new("enrol-person", Chapter.Control, "Add a person, with photos")
    {
        Description = Photos + " A name that somebody else has is a 409 with that person's `person_id`.",
        Body = BodyDoc.Of(new NewPersonShape { Name = "Ann", Photos = [Samples.Photo], Country = "NO" }),
        Answers = [AnswerDoc.Of(Enrolled, "The person is in the gallery.", StatusCodes.Status201Created)],
        Refusals = [StatusCodes.Status409Conflict, .. Unusable],
    };

    public static RouteDoc Show { get; } = new("show-person", Chapter.Read, "A person")
    {
        Parameters = [Id],
        Answers = [AnswerDoc.Of(Ann)],
        Refusals = Unavailable,
    };

    public static RouteDoc Change { get; } = new("change-person", Chapter.Control, "Rename a person, or change other fields")
    {
        Description = "Members that are not sent stay.",
        Parameters = [Id],
        Body = BodyDoc.Of(new PersonChangeShape { Name = "Ann" }),
        Answers = [AnswerDoc.Of(Ann)],
        Refusals = [StatusCodes.Status409Conflict, .. Unavailable],
    };

    public static RouteDoc AddPhotos { get; } = new("add-photos", Chapter.Control, "Add photos of a person")
    {
        Description = Photos,
        Parameters = [Id],
        Body = BodyDoc.Of(new PhotosShape { Photos = [Samples.Photo] }),
        Answers = [AnswerDoc.Of(Enrolled)],
        Refusals = Unusable,
    };

    public static RouteDoc Merge { get; } = new("merge-people", Chapter.Control, "Join people who are one")
    {
        Description = "The person takes over the faces and rejections of those in `from`, who are deleted. "
            + "A face that was rejected for one of them and matches another is of the person that they are now: that rejection is dropped. "
            + "Results that show those in `from` are judged again, as far as what they were computed from is stored: "
            + "some at once, the others of their jobs after them (`rematch`).",
        Parameters = [Id],
        Body = BodyDoc.Of(new PersonMergeShape([Samples.TaskId])),
        Answers = [AnswerDoc.Of(Ann with { Rematch = new(3, 1, [Samples.JobId]) })],
        Refusals = Unavailable,
    };

    public static RouteDoc Split { get; } = new("split-person", Chapter.Control, "Move some faces of a person to somebody else")
    {
        Description = "`faces` are ids of enrolled faces of the person, of whom at least one stays; "
            + "`into` is the person whose they are, or `name` that of a new one. What somebody had rejected of them for that person is "
            + "dropped. Results that show the person are judged again, as far as what they were computed from is stored: "
            + "some at once, the others of their jobs after them (`rematch`).",
        Parameters = [Id],
        Body = BodyDoc.Of(new PersonSplitShape([Samples.TaskId]) { Name = "Bea" }),
        Answers = [AnswerDoc.Of(
            new SplitPeopleShape(Ann, Ann with { Id = Samples.TaskId.ToString(), Name = "Bea" }, new(3, 1, [Samples.JobId])))],
        Refusals = [StatusCodes.Status409Conflict, .. Unavailable],
    };

    public static RouteDoc Picture { get; } = new("person-picture", Chapter.Read, "The picture of a person's best face")
    {
        Parameters = [Id],
        Answers = [AnswerDoc.File("image/jpeg", "The picture.")],
        Refusals = Unavailable,
    };

    public static RouteDoc Faces { get; } = new("list-faces", Chapter.Read, "The enrolled faces of a person, in the order of enrolment")
    {
        Description = "`picture` shows each of them, so that a wrong one can be seen and taken out.",
        Parameters = [Id],
        Answers =
        [
            AnswerDoc.Of(new GalleryFacesShape(
                [new(Samples.TaskId, 4.1, Samples.Time, $"http://localhost:9998/api/people/{PersonId}/faces/{Samples.TaskId}/picture")],
                null, 1, true)),
        ],
        Refusals = Unavailable,
    };

    public static RouteDoc FacePicture { get; } = new("face-picture", Chapter.Read, "The picture of an enrolled face")
    {
        Parameters = [Id, Face],
        Answers = [AnswerDoc.File("image/jpeg", "The picture.")],
        Refusals = Unavailable,
    };

    public static RouteDoc ResultFacePicture { get; } = new("result-face-picture", Chapter.Read, "The picture of a face of a result")
    {
        Parameters = [ParameterDoc.Id, ResultFace],
        Answers = [AnswerDoc.File("image/jpeg", "The picture.")],
    };

    public static ParameterDoc WithPerson { get; } = ParameterDoc.Query(
        "with_person",
        "True removes the person too, if that was their only face and nothing else than their name is known: what takes back that the face "
        + "made a new person. Stored results stay as they are until they are judged again.",
        "boolean");

    public static RouteDoc DeleteFace { get; } = new("delete-face", Chapter.Control, "Take a wrong face out")
    {
        Parameters = [Id, Face, WithPerson],
        Answers = [Gone],
        Refusals = Unavailable,
    };

    public static RouteDoc Reject { get; } = new("reject-faces", Chapter.Control, "Say that faces are not of a person")
    {
        Description = "From now on nobody takes them, and faces that are closer to them than to all enrolled faces of the person, for that "
            + "person. `faces` are faces of stored results, named by task and position, or of earlier answers with their embeddings. The "
            + "results are judged again: at once, or once the face service answers (`waiting`), and the other results of their jobs after "
            + "them. Enrolling the face takes the rejection back.",
        Parameters = [Id],
        Body = BodyDoc.Of(new RejectedFacesShape([DocJson.Object($$"""{"task":"{{Samples.TaskId}}","face":0}""")])),
        Answers = [AnswerDoc.Of(new RejectedShape([Rejected]) { Rematch = new(1, 0, [Samples.JobId]) })],
        Refusals = Unusable,
    };

    public static RouteDoc Rejections { get; } = new("list-rejections", Chapter.Read, "The rejected faces of a person, oldest first")
    {
        Description = "`picture` shows the face while its result is stored. A face that came as an embedding has no `task`.",
        Parameters = [Id, ParameterDoc.Limit, ParameterDoc.Cursor],
        Answers = [AnswerDoc.Of(new RejectionPageShape([Rejected], null, 1, true))],
        Refusals = Unavailable,
    };

    public static RouteDoc DeleteRejection { get; } = new("delete-rejection", Chapter.Control, "Take a rejection back")
    {
        Description = "Its result is judged again, if it is still stored.",
        Parameters = [Id, Rejection],
        Answers = [Gone],
        Refusals = Unavailable,
    };

    public static RouteDoc Export { get; } = new("export-people", Chapter.Control, "The whole gallery as one file")
    {
        Description = "One line of JSON for each person, with the embeddings and pictures of all faces. An import reads it.",
        Answers = [AnswerDoc.File(GalleryTransferRoutes.Lines)],
        Refusals = Unavailable,
    };

    public static RouteDoc Import { get; } = new("import-people", Chapter.Control, "Import an exported gallery")
    {
        Description = "Importing twice changes nothing. An error names the line; the lines before it were imported.",
        Body = BodyDoc.Lines,
        Answers = [AnswerDoc.Of(new GalleryImportShape(2, 5))],
        Refusals = Unusable,
    };

    public static RouteDoc ImportFolder { get; } = new("import-people-folder", Chapter.Control, "Enrol people from a folder of the server")
    {
        Description = "The folder is under `ALLOWED_FOLDERS` and contains one folder for each person, named like the person, with photos. "
            + "The answer has a line of JSON for each photo, as it is done: `person`, `file`, `person_id`, and `refusal` for one that "
            + "cannot be used. It can be repeated: nothing is added twice.",
        Body = BodyDoc.Of(new PeopleFolderShape("/photos/people")),
        Answers = [AnswerDoc.File(GalleryTransferRoutes.Lines, "What became of each photo.")],
        Refusals = Unavailable,
    };
}
