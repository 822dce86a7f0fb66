using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using StashAI.Gateway.Routes.Declared;
using StashAI.Gateway.Wire.Docs;
using StashAI.Gateway.Wire.Docs.Shapes;
using static StashAI.Gateway.Wire.Docs.ParameterDoc;

namespace StashAI.Gateway.Routes.Visage;

/// <summary>The descriptions of the face service's routes in the API's document.</summary>
internal static class VisageDocs
{
    private static readonly VisageResultShape Result = new()
    {
        ResultId = Samples.TaskId,
        TaskId = Samples.TaskId,
        JobId = Samples.JobId,
        BatchIndex = 0,
        VisageApiUrl = Samples.Instance,
        ThresholdUsed = 0.7,
        ModelVersion = null,
        FacesDetected = 1,
        TotalMatches = 1,
        MaxConfidence = 87,
        MinConfidence = 87,
        RawVisageOutput = Samples.Faces(),
        ProcessingTimeMs = 295.461,
        ApiResponseTimeMs = 295.461,
        ProcessingSuccessful = "true",
        ErrorKind = null,
        ErrorDetails = null,
        CreatedAt = Samples.Time,
        UpdatedAt = Samples.Time,
    };

    private static readonly VisageResultShape Failure = Result with
    {
        ResultId = Samples.FailedTaskId,
        TaskId = Samples.FailedTaskId,
        BatchIndex = 1,
        FacesDetected = 0,
        TotalMatches = 0,
        MaxConfidence = null,
        MinConfidence = null,
        RawVisageOutput = null,
        ProcessingSuccessful = "false",
        ErrorKind = ErrorKindShape.Rejected,
        ErrorDetails = Samples.FailedTask.ErrorMessage,
    };

    public static RouteDoc Job { get; } = SubmitDoc.Of(
        "visage-job",
        "Find the faces of many photos",
        BodyDoc.Of(new VisageJobRequestShape
        {
            Images = [Samples.Photo, "ZmFpbA=="],
            VisageApiUrl = Samples.Instance,
            Config = new()
            {
                Threshold = 0.7,
                JobName = "Summer",
                UserId = "user_123",
                SessionId = "session_456",
                AdditionalParams = DocJson.Object("""{"max_faces":10}"""),
            },
        }),
        Samples.Acknowledged) with
    {
        Description = "One task for each photo. `images` holds base64, with or without a `data:` prefix; "
            + "the body is read as a stream and may have gigabytes. `visage_api_url` may be left out: "
            + "then the configured service is called. Photos may also be `items`, with settings of their own, the lines of NDJSON, "
            + "the files of a form, or files of the server (`path`, `folder`); `GET /api/services/visage/schema` describes an item.",
        HasFreeQuery = ItemForm.HasConfigInQuery,
    };

    public static RouteDoc Identify { get; } = SubmitDoc.Of(
        "visage-identify",
        "Find the faces of many photos, as the face service calls it",
        BodyDoc.Of(new VisageJobRequestShape
        {
            Images = [Samples.Photo],
            Config = new() { FaceThreshold = 0.7, ModelType = "arc", BatchSize = 4 },
        }),
        Samples.Acknowledged) with
    {
        HasFreeQuery = ItemForm.HasConfigInQuery,
    };

    public static RouteDoc Task { get; } = SubmitDoc.Of(
        "visage-task",
        "Find the faces of one photo",
        BodyDoc.Of(new VisageTaskRequestShape
        {
            Image = Samples.Photo,
            Config = new() { Threshold = 0.8, AdditionalParams = DocJson.Object("""{"max_faces":5}""") },
        }),
        Samples.AcknowledgedTask) with
    {
        Description = "The photo is `image`, or `image_data` as text, or `image_data` as an object with `image_base64`. "
            + "It may also be `{\"url\":…}` or `{\"path\":…}`, or the file of a form.",
        HasFreeQuery = ItemForm.HasConfigInQuery,
    };

    public static RouteDoc Results { get; } = new("visage-results", Chapter.Read, "The answers of the face service to a job, untouched")
    {
        Parameters = [Id],
        Answers =
        [
            AnswerDoc.Of(new VisageResultsShape(
                Samples.JobId, new VisageJobInfoShape(Samples.Job) { TaskIds = [Samples.TaskId, Samples.FailedTaskId] }, 2,
                [Result, Failure])),
        ],
    };

    public static ParameterDoc Person { get; } = Query(
        "person", "The person's id, as `people` of `aggregate_results` has it. It must be given.");

    public static RouteDoc PersonItems { get; } = new("visage-person-items", Chapter.Read, "The items of a job that show a person")
    {
        Description = "In the order of the items, those that are over so far. A page looks at 2,000 results at most: it may then have "
            + "fewer items than `limit`, or none, while `next` goes on.",
        Parameters = [Id, Person, Limit, Cursor],
        Answers = [AnswerDoc.Of(new PersonItemsShape(
            Samples.JobId, "ann", [new(0, Samples.TaskId, 1, 87) { ItemName = "img001.jpg" }], null, 1, true))],
        Refusals = [StatusCodes.Status400BadRequest],
    };

    public static RouteDoc TaskResult { get; } = new("visage-result", Chapter.Read, "The answer of the face service to a task, untouched")
    {
        Parameters = [Id, Inputs, Dialect],
        Answers = [AnswerDoc.Of(new VisageTaskResultShape(Samples.TaskId, Samples.Detail(Samples.Task, Samples.Faces()), Result))],
    };

    public static RouteDoc Picture { get; } = new("visage-picture", Chapter.Read, "The picture of a person that the face service knows")
    {
        Description = "Results hold these links in place of the face service's own addresses. "
            + "They are valid for a day or two and take no key.",
        Parameters = [Path("token", "From the link.")],
        HasFreeQuery = FreeQuery.OfPictures,
        Answers = [AnswerDoc.File("image/jpeg", "The picture.")],
    };
}

/// <summary>Photos to look for faces in.</summary>
internal sealed record VisageJobRequestShape
{
    [Description("Base64 photos, with or without a `data:` prefix.")]
    public required IReadOnlyList<string> Images { get; init; }

    [Description("Another instance of the face service.")]
    public string? VisageApiUrl { get; init; }

    public VisageConfigShape? Config { get; init; }
}

/// <summary>A photo to look for faces in.</summary>
internal sealed record VisageTaskRequestShape
{
    [Description("A base64 photo, with or without a `data:` prefix.")]
    public string? Image { get; init; }

    [Description("The same, as text or as an object with `image_base64`.")]
    [Schema(
        """{"oneOf":[{"type":"string"},{"type":"object","properties":{"image_base64":{"type":"string"}},"required":["image_base64"]}]}""")]
    public JsonNode? ImageData { get; init; }

    [Description("Another instance of the face service.")]
    public string? VisageApiUrl { get; init; }

    [Description("The least confidence of a match, 0 to 1.")]
    public double? Threshold { get; init; }

    public VisageConfigShape? Config { get; init; }
}

/// <summary>How the face service is asked.</summary>
internal sealed record VisageConfigShape : ConfigShape
{
    [Description("The least confidence of a match, 0 to 1; 0.5 unless given.")]
    public double? Threshold { get; init; }

    [Description("The same.")]
    public double? FaceThreshold { get; init; }

    [Description("An id for each photo, in their order.")]
    public IReadOnlyList<JsonNode?>? ItemIds { get; init; }

    [Description("Of videos: how many frames of each minute are analysed, 0 to 600; 6 unless given, and 0 for the cover only.")]
    public double? FramesPerMinute { get; init; }

    [Description("Of videos: the most frames, 1 to 2,000.")]
    public int? MaxFrames { get; init; }

    [Description("Of videos: how closely each frame is searched: `fast`, `auto` or `fine`.")]
    public string? Detail { get; init; }

    public string? ModelType { get; init; }

    public bool? ReturnFaceLocations { get; init; }

    [Description("`max_faces`, the ids of what the photos belong to, and whatever the client wants to find again.")]
    [Schema(
        """{"type":["object","null"],"properties":{"max_faces":{"type":"integer","minimum":1,"maximum":1000}},"additionalProperties":{}}""")]
    public JsonObject? AdditionalParams { get; init; }
}

/// <summary>A job of the face service.</summary>
internal sealed record VisageJobInfoShape : JobSummaryShape
{
    public VisageJobInfoShape()
    {
    }

    [SetsRequiredMembers]
    public VisageJobInfoShape(JobSummaryShape job)
        : base(job)
    {
    }

    public required IReadOnlyList<Guid>? TaskIds { get; init; }
}

/// <summary>What the face service answered to a job.</summary>
internal sealed record VisageResultsShape(
    Guid JobId, VisageJobInfoShape JobInfo, int TotalResults, IReadOnlyList<VisageResultShape> VisageResults);

/// <summary>Items that show a person.</summary>
internal sealed record PersonItemsShape(
    Guid JobId, string Person, IReadOnlyList<PersonItemShape> Data, string? Next, int Total, bool TotalIsExact);

/// <summary>An item that shows a person.</summary>
internal sealed record PersonItemShape(int Item, Guid TaskId, int Faces, double BestConfidence)
{
    public JsonNode? ItemId { get; init; }
    public string? ItemName { get; init; }
}

/// <summary>What the face service answered to a task.</summary>
internal sealed record VisageTaskResultShape(Guid TaskId, TaskDetailShape TaskInfo, VisageResultShape? VisageResult);

/// <summary>An answer of the face service, with figures that are read from it.</summary>
internal sealed record VisageResultShape
{
    public required Guid ResultId { get; init; }
    public required Guid TaskId { get; init; }
    public required Guid JobId { get; init; }
    public required int BatchIndex { get; init; }
    public JsonNode? ItemId { get; init; }
    public string? ItemName { get; init; }
    public required string? VisageApiUrl { get; init; }
    public required double? ThresholdUsed { get; init; }
    public required string? ModelVersion { get; init; }
    public required int FacesDetected { get; init; }
    public required int TotalMatches { get; init; }
    public required double? MaxConfidence { get; init; }
    public required double? MinConfidence { get; init; }
    public required JsonNode? RawVisageOutput { get; init; }
    public required double? ProcessingTimeMs { get; init; }
    public required double? ApiResponseTimeMs { get; init; }
    public required string ProcessingSuccessful { get; init; }
    public required ErrorKindShape? ErrorKind { get; init; }
    public required string? ErrorDetails { get; init; }
    public required DateTimeOffset? CreatedAt { get; init; }
    public required DateTimeOffset? UpdatedAt { get; init; }
}
